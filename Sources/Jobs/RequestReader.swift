/// Reads the members of a request one by one and gathers what is wrong with them.
struct RequestReader {
    /// A member of a request, with all the names under which it is taken; the first is the one that is documented.
    enum Member: String, CaseIterable {
        case prompt, model, width, height
        case batchSize = "batch_size"
        case aspectRatio = "aspect_ratio"
        case imageURLs = "image_urls"
        case steps

        var names: [String] {
            switch self {
            case .batchSize: [rawValue, "batchSize"]
            case .aspectRatio: [rawValue, "aspectRatio"]
            case .imageURLs: [rawValue, "imageUrls"]
            case .prompt, .model, .width, .height, .steps: [rawValue]
            }
        }
    }

    private(set) var problems: [InvalidRequest.Problem] = []
    private let members: [String: JSONValue]

    init(_ members: [String: JSONValue]) {
        self.members = members
    }

    mutating func prompt() -> String? {
        guard let (name, value) = given(.prompt) else {
            note("prompt", "prompt is required.")
            return nil
        }
        let limit = RequestLimits.promptCharacters
        // The value itself stays out of the sentence: prompts are private, and errors reach logs.
        guard let text = value.text else {
            note(name, "prompt must be a text.")
            return nil
        }
        guard !text.allSatisfy(\.isWhitespace) else {
            note(name, "prompt must not be empty.")
            return nil
        }
        guard text.count <= limit else {
            note(name, "prompt must have at most \(limit) characters, this one has \(text.count).")
            return nil
        }
        return text
    }

    mutating func model() -> Model? {
        guard let (name, value) = given(.model) else { return .default }
        if let text = value.text, let model = Model.named(text) { return model }
        note(name, "model \(value.brief) is not known, allowed are \(Model.all.map(\.name).joined(separator: ", ")).")
        return nil
    }

    mutating func wholeNumber(_ member: Member, in range: ClosedRange<Int>) -> Int? {
        guard let (name, value) = given(member) else { return nil }
        if case .number(let number) = value, let whole = Int(exactly: number), range.contains(whole) { return whole }
        note(name, "\(name) \(value.brief) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        return nil
    }

    mutating func aspectRatio() -> String? {
        guard let (name, value) = given(.aspectRatio) else { return nil }
        let sides = (value.text ?? "").split(separator: ":", omittingEmptySubsequences: false)
        let areSizes = sides.allSatisfy { side in
            (1...2).contains(side.utf8.count) && side.allSatisfy(\.isNumber) && UInt(side) ?? 0 > 0
        }
        if sides.count == 2, areSizes { return value.text }
        note(name, "\(name) \(value.brief) must be a ratio like 16:9.")
        return nil
    }

    mutating func imageURLs() -> [String] {
        guard let (name, value) = given(.imageURLs) else { return [] }
        let limit = RequestLimits.imageURLs
        guard let elements = value.elements, elements.count <= limit else {
            note(name, "\(name) \(value.brief) must be a list of at most \(limit) addresses.")
            return []
        }
        return elements.compactMap { element in
            if let text = element.text, Self.isImageAddress(text) { return text }
            note(
                name,
                "\(name) \(element.brief) must be an https address of at most \(RequestLimits.imageURLCharacters) characters "
                    + "or a data:image URI.")
            return nil
        }
    }

    mutating func refuseUnknownMembers() {
        let known = Set(Member.allCases.flatMap(\.names))
        for name in members.keys.sorted() where !known.contains(name) {
            let allowed = Member.allCases.map(\.rawValue).joined(separator: ", ")
            note(name, "\(name.prefix(40)) is not a member of a request, allowed are \(allowed).")
        }
    }

    private static func isImageAddress(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "<") }
        guard isPlain else { return false }
        if text.hasPrefix("data:image/") { return true }
        return text.hasPrefix("https://") && text.count > 8 && text.count <= RequestLimits.imageURLCharacters
    }

    /// The member's value and the name under which it was given; nil when it was not, or as null.
    private mutating func given(_ member: Member) -> (name: String, value: JSONValue)? {
        let found = member.names.compactMap { name in members[name].map { (name, $0) } }.filter { $0.1 != .null }
        if found.count > 1 { note(found[1].0, "\(found[1].0) is given twice, once as \(found[0].0).") }
        return found.first
    }

    private mutating func note(_ member: String, _ sentence: String) {
        problems.append(InvalidRequest.Problem(member: member, sentence: sentence))
    }
}
