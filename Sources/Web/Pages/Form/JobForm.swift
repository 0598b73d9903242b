import Jobs

/// The form as it was filled in.
struct JobForm {
    /// The hidden field that makes a double click one job.
    static let tokenField = "form_token"
    /// The field of the usual ratios.
    static let ratioField = "ratio"

    /// What was typed.
    var fields = FormFields()
    /// The form's own ID; new for each form that is shown.
    let token: JobID
    /// What was wrong with it.
    var problems: [InvalidRequest.Problem] = []
    /// How many more problems there are.
    var otherProblems = 0

    /// Whether it was sent.
    var wasSent = false

    /// An empty form.
    init(token: JobID) {
        self.token = token
    }

    /// A form with the settings of a request, and perhaps its prompt.
    ///
    /// - Parameter withPictures: Whether to include its pictures, whose addresses may be signed. They are for the client that sent them, not for
    ///   others who have the job's ID.
    init(like request: GenerationRequest, withPrompt: Bool, withPictures: Bool, token: JobID) {
        self.token = token
        fields["model"] = request.model.id
        if withPrompt { fields["prompt"] = request.prompt }
        for (field, value) in request.values where withPictures || !field.holdsPictures { fields[field.rawValue] = Self.text(of: value) }
        chooseUsualRatio()
    }

    /// A form that a link fills in.
    init(filledInBy query: FormFields, token: JobID) {
        self.token = token
        fields = query
        chooseUsualRatio()
    }

    /// Chooses one of the usual ratios instead of typing it.
    private mutating func chooseUsualRatio() {
        let typed = RequestField.aspectRatio.rawValue
        guard let ratio = fields[typed], RatioChoices.usual.contains(ratio) else { return }
        fields[Self.ratioField] = ratio
        fields[typed] = nil
    }

    /// A value as a person would type it.
    private static func text(of value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .array(let elements): elements.map(text).joined(separator: "\n")
        case .object(let members):
            [members["id"] ?? members["url"], members["strength"]].compactMap { $0.map(text) }.joined(separator: " ")
        case .number, .bool, .null: value.brief
        }
    }

    /// A form that was sent; one without a token (a program's) gets one when it is shown again.
    init(_ fields: FormFields, newToken: () -> JobID) {
        self.fields = fields
        token = fields[Self.tokenField].flatMap(JobID.init) ?? newToken()
        wasSent = true
    }

    /// The key by which a repeated form is recognised; nil without a token.
    func key(of caller: Caller) -> IdempotencyKey? {
        guard fields[Self.tokenField] == token.description else { return nil }
        // Each text with its length: no other form has the same bytes.
        let bytes = typed.sorted { $0.key < $1.key }.reduce(into: [UInt8]()) { bytes, field in
            for text in [field.key, field.value] { bytes += "\(text.utf8.count):\(text)".utf8 }
        }
        return IdempotencyKey(form: token, hash: StableHash.text(of: bytes), of: caller)
    }

    /// What was typed, without empty fields, since a form that is sent before it has loaded has only some of them.
    private var typed: [String: String] {
        fields.values.filter { $0.key != Self.tokenField && !$0.value.unicodeScalars.allSatisfy(\.isSpace) }
    }

    /// The members of the request, without empty fields. The request checks the values.
    var members: [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        let typed = typed
        let ratio = typed[Self.ratioField]
        for (name, text) in typed where name != Self.ratioField {
            let field = RequestField.named(name)
            members[name] =
                switch field {
                case .prompt: .string(Self.withPlainLineEnds(text))
                case .styles: .array(Self.lines(text).map { Self.weighted($0, by: "id") })
                case .styleImages, .imageStyleReferences: .array(Self.lines(text).map { Self.weighted($0, by: "url") })
                case let field? where field.isList: .array(Self.lines(text).map(JSONValue.string))
                case let field? where field.isNumber: Self.number(text.trimmingSpaces)
                default: .string(text.trimmingSpaces)
                }
        }
        if let ratio, !ratio.isEmpty, members[RequestField.aspectRatio.rawValue] == nil {
            members[RequestField.aspectRatio.rawValue] = .string(ratio)
        }
        return members
    }

    /// A line like `https://example.org/a.png 0.8`; without a number the strength is 1.
    private static func weighted(_ line: String, by key: String) -> JSONValue {
        guard let space = line.utf8.lastIndex(of: UInt8(ascii: " ")) else { return .object([key: .string(line), "strength": .number(1)]) }
        return .object([key: .string(line[..<space].trimmingSpaces), "strength": number(line[space...].trimmingSpaces)])
    }

    /// A number if decimal digits were typed, else the text for the error message.
    private static func number(_ text: String) -> JSONValue {
        let isDecimal = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
        return isDecimal ? Double(text).map(JSONValue.number) ?? .string(text) : .string(text)
    }

    /// The lines that have something in them; no more of them than show that there are too many.
    private static func lines(_ text: String) -> [String] {
        var lines: [String] = []
        var rest = text.unicodeScalars[...]
        while lines.count <= 2 * RequestLimits.elements, let start = rest.firstIndex(where: { !$0.isSpace }) {
            let end = rest[start...].firstIndex(where: \.isLineEnd) ?? rest.endIndex
            lines.append(text[start..<end].trimmingSpaces)
            rest = rest[end...]
        }
        return lines
    }

    /// A text with LF as its only line end. Browsers send CR LF, whatever was typed.
    private static func withPlainLineEnds(_ text: String) -> String {
        let (carriageReturn, lineFeed) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
        guard text.utf8.contains(carriageReturn) else { return text }
        return String(
            decoding: text.utf8.reduce(into: [UInt8]()) { bytes, byte in
                if byte == lineFeed, bytes.last == carriageReturn { bytes.removeLast() }
                bytes.append(byte)
            }, as: UTF8.self)
    }

    /// Shortens fields that are longer than anything allowed, which would make a page of megabytes.
    mutating func shorten() {
        for (name, text) in fields.values where text.utf8.count > Self.shownBytes {
            fields[name] = String(decoding: text.utf8.prefix(Self.shownBytes), as: UTF8.self)
        }
    }

    /// The most bytes of a field that are shown again: enough for any allowed prompt in any script.
    private static let shownBytes = 40_000

    /// What is wrong with one field.
    func problem(of name: String) -> InvalidRequest.Problem? {
        problems.first { $0.member == name }
    }
}

extension Unicode.Scalar {
    /// Whether it is white space, as `Character.isWhitespace` has it.
    fileprivate var isSpace: Bool { value < 0x80 ? value == 0x20 || (0x09...0x0D).contains(value) : properties.isWhitespace }

    /// Whether a line ends with it, as `Character.isNewline` has it.
    fileprivate var isLineEnd: Bool {
        switch value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }
}
