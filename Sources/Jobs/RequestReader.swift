/// Reads the members of a request one by one and gathers what is wrong with them.
struct RequestReader {
    private(set) var problems: [InvalidRequest.Problem] = []
    private let members: [String: JSONValue]

    init(_ members: [String: JSONValue]) {
        self.members = members
    }

    /// The model: `fixed`, which nothing in the request may contradict, else the one that is named, else the default.
    mutating func model(fixed: Model?) -> Model? {
        guard let value = members["model"], value != .null else { return fixed ?? .default }
        guard let model = value.text.flatMap(Model.named) else {
            note("model", "model \(value.brief) is not known, allowed are \(Model.all.map(\.name).joined(separator: ", ")).")
            return nil
        }
        if let fixed, fixed != model { note("model", "model \(value.brief) is not the model of this route, which is \(fixed.name).") }
        return model
    }

    /// Notes that no route is left for a model.
    mutating func refuse(_ model: Model) {
        note("model", "model \(model.name) is not offered by Krea any more, choose another.")
    }

    mutating func prompt(_ rule: FieldRule?) -> String? {
        guard let (name, value) = given(.prompt) else {
            note("prompt", "prompt is required.")
            return nil
        }
        // The value itself stays out of the sentence: prompts are private, and errors reach logs.
        guard let text = value.text else {
            note(name, "prompt must be a text.")
            return nil
        }
        guard !text.allSatisfy(\.isWhitespace) else {
            note(name, "prompt must not be empty.")
            return nil
        }
        let most = min(Int(rule?.maximum ?? .infinity, or: .max), RequestLimits.promptCharacters)
        guard text.count <= most else {
            note(name, "prompt must have at most \(most) characters, this one has \(text.count).")
            return nil
        }
        let least = Int(rule?.minimum ?? 1, or: 1)
        guard text.count >= least else {
            note(name, "prompt must have at least \(least) characters, this one has \(text.count).")
            return nil
        }
        return text
    }

    /// The value of a field, checked by the rule of the route, or by a general one where the route does not take the field.
    mutating func value(of field: RequestField, by rule: FieldRule?) -> JSONValue? {
        guard let (name, value) = given(field) else { return nil }
        let rule = rule?.completed(for: field) ?? .general(field)
        if field.kind == .addresses { return addresses(value, rule, name) }
        let problem: String? =
            switch field.kind {
            case .text, .addresses: nil
            case .wholeNumber: value.whole.map { rule.allows(Double($0)) } == true ? nil : "must be a whole number\(rule.boundsText)"
            case .number: value.number.map(rule.allows) == true ? nil : "must be a number\(rule.boundsText)"
            case .ratio: Self.ratioProblem(value, rule)
            case .choice: value.text.map { rule.choices?.contains($0) ?? true } == true ? nil : "must be \(rule.choicesText)"
            case .styles: Self.weightedProblem(value, rule, of: "id") { !$0.isEmpty }
            case .weightedImages: Self.weightedProblem(value, rule, of: "url", Self.isImageAddress)
            }
        guard let problem else { return value }
        note(name, "\(name) \(value.brief) \(problem).")
        return nil
    }

    mutating func refuseUnknownMembers(isModelFixed: Bool) {
        for name in members.keys.sorted() where name != "model" && RequestField.named(name) == nil {
            let allowed = (isModelFixed ? [] : ["model"]) + RequestField.allCases.map(\.rawValue)
            note(name, "\(name.prefix(40)) is not a member of a request, allowed are \(allowed.joined(separator: ", ")).")
        }
    }

    private static func ratioProblem(_ value: JSONValue, _ rule: FieldRule) -> String? {
        let sides = (value.text ?? "").split(separator: ":", omittingEmptySubsequences: false)
        let areSizes = sides.allSatisfy { side in
            (1...2).contains(side.utf8.count) && side.allSatisfy(\.isNumber) && UInt(side) ?? 0 > 0
        }
        guard sides.count == 2, areSizes else { return "must be a ratio like 16:9" }
        return value.text.map { rule.choices?.contains($0) ?? true } == true ? nil : "must be \(rule.choicesText)"
    }

    /// A list of addresses; a single one where it was given as such.
    private mutating func addresses(_ value: JSONValue, _ rule: FieldRule, _ name: String) -> JSONValue? {
        let most = Int(rule.maximum ?? .infinity, or: .max)
        guard let elements = value.text.map({ [.string($0)] }) ?? value.elements, elements.count <= most else {
            note(name, "\(name) \(value.brief) must be a list of at most \(most) addresses.")
            return nil
        }
        for element in elements where element.text.map(Self.isImageAddress) != true {
            note(
                name,
                "\(name) \(element.brief) must be an https address of at most \(RequestLimits.imageURLCharacters) characters "
                    + "or a data:image URI.")
        }
        return elements.isEmpty ? nil : .array(elements)
    }

    private static func weightedProblem(
        _ value: JSONValue, _ rule: FieldRule, of key: String, _ isAllowed: (String) -> Bool
    ) -> String? {
        let weight = RequestLimits.weight
        let most = Int(rule.maximum ?? .infinity, or: .max)
        let isRight = value.elements?.allSatisfy { element in
            guard let members = element.members, Set(members.keys) == [key, "strength"] else { return false }
            return members[key]?.text.map(isAllowed) == true && members["strength"]?.number.map(weight.contains) == true
        }
        guard isRight == true, value.elements?.count ?? 0 <= most else {
            return "must be a list of at most \(most) objects with \(key) and strength, a number from -2 to 2"
        }
        return nil
    }

    private static func isImageAddress(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "<") }
        guard isPlain else { return false }
        if text.hasPrefix("data:image/") { return true }
        return text.hasPrefix("https://") && text.count > 8 && text.count <= RequestLimits.imageURLCharacters
    }

    /// The field's value and the name under which it was given; nil when it was not, or as null.
    private mutating func given(_ field: RequestField) -> (name: String, value: JSONValue)? {
        let found = field.names.compactMap { name in members[name].map { (name, $0) } }.filter { $0.1 != .null }
        if found.count > 1 { note(found[1].0, "\(found[1].0) is given twice, once as \(found[0].0).") }
        return found.first
    }

    private mutating func note(_ member: String, _ sentence: String) {
        problems.append(InvalidRequest.Problem(member: member, sentence: sentence))
    }
}

extension FieldRule {
    /// The rule for a field that the route does not take: what would be allowed elsewhere.
    fileprivate static func general(_ field: RequestField) -> FieldRule {
        FieldRule(name: field.rawValue).completed(for: field)
    }

    /// The rule with our own bounds, where it has none: what a request is checked by.
    public func completed(for field: RequestField) -> FieldRule {
        let bounds: ClosedRange<Int>? =
            switch field {
            // Krea's nano family names no bounds; nobody can want more than this.
            case .width, .height: 1...8192
            case .batchSize: RequestLimits.batchSize
            case .steps: RequestLimits.steps
            case .seed: 0...4_294_967_295
            case .imageURLs, .characterReferenceImages, .styles, .styleImages, .imageStyleReferences: 0...RequestLimits.elements
            case .prompt, .aspectRatio, .resolution, .guidanceScale, .strength: nil
            }
        var rule = self
        rule.minimum = rule.minimum ?? bounds.map { Double($0.lowerBound) }
        rule.maximum = rule.maximum ?? bounds.map { Double($0.upperBound) }
        return rule
    }

    fileprivate var choicesText: String {
        choices.map { "one of \($0.joined(separator: ", "))" } ?? "a text"
    }
}

extension Int {
    fileprivate init(_ number: Double, or other: Int) {
        self = Int(exactly: number) ?? other
    }
}
