import PlainText

/// Reads the members of a request one by one and gathers what is wrong with them.
struct RequestReader {
    private(set) var problems: [InvalidRequest.Problem] = []
    /// How many problems were found that are not named.
    private(set) var others = 0
    private let members: [String: JSONValue]

    init(_ members: [String: JSONValue]) {
        self.members = members
    }

    /// The model: `fixed`, which nothing in the request may contradict, else the one that is named, else the default.
    mutating func model(fixed: Model?) -> Model? {
        guard let value = members["model"], value != .null else { return fixed ?? .default }
        guard !refusesControls(of: value, "model") else { return nil }
        guard let model = value.text.flatMap(Model.named) else {
            note("model", .unknownModel(value.brief))
            return nil
        }
        if let fixed, fixed != model { note("model", .otherModel(value.brief, than: fixed)) }
        return model
    }

    /// Notes that no route is left for a model.
    mutating func refuse(_ model: Model) {
        note("model", .modelGone(model))
    }

    mutating func prompt(_ rule: FieldRule?) -> String? {
        guard let (name, value) = given(.prompt) else {
            note("prompt", .required)
            return nil
        }
        // The value itself stays out of the fault: prompts are private, and errors reach logs.
        guard let text = value.text else {
            note(name, .noText)
            return nil
        }
        guard !refusesControls(of: value, name) else { return nil }
        let most = min(Int(rule?.maximum ?? .infinity, or: .max), RequestLimits.promptCharacters)
        let least = Int(rule?.minimum ?? 1, or: 1)
        let fault: RequestFault? =
            if text.isBlank {
                text.unicodeScalars.allSatisfy { $0 == " " || $0.properties.isWhitespace } ? .empty : .invisible
            } else if text.upperLength > most {
                .tooLong(text.upperLength, most: most)
            } else if text.lowerLength < least {
                .tooShort(text.lowerLength, least: least)
            } else {
                nil
            }
        guard let fault else { return text }
        note(name, fault)
        return nil
    }

    /// The value of a field, checked by the rule of the route, or by a general one where the route does not take the field.
    mutating func value(of field: RequestField, by rule: FieldRule?) -> JSONValue? {
        guard let (name, value) = given(field), !refusesControls(of: value, name) else { return nil }
        let rule = rule?.completed(for: field) ?? .general(field)
        let most = Int(rule.maximum ?? .infinity, or: .max)
        if field.kind == .addresses { return addresses(value, most: most, name) }
        if field.kind == .weightedImages { return weightedImages(value, most: most, name) }
        let allowed: RequestFault.Allowed? =
            switch field.kind {
            case .text, .addresses, .weightedImages: nil
            case .wholeNumber: value.whole.map { rule.allows(Double($0)) } == true ? nil : .wholeNumber(rule.minimum, rule.maximum)
            case .number: value.number.map(rule.allows) == true ? nil : .number(rule.minimum, rule.maximum)
            case .ratio: !Self.isRatio(value) ? .ratio : rule.allows(value) ? nil : .oneOf(rule.choices ?? [])
            case .choice:
                value.text.map(Self.isWord) == true && rule.allows(value) ? nil : rule.choices.map(RequestFault.Allowed.oneOf) ?? .text
            case .styles: Self.weighted(value, most, by: "id") { Self.isWord($0) ? $0 : nil } != nil ? nil : .weighted("id", most: most)
            }
        guard let allowed else { return value }
        note(name, .outside(value.brief, allowed))
        return nil
    }

    mutating func refuseUnknownMembers(isModelFixed: Bool) {
        // What is allowed is said once.
        var allowed = (isModelFixed ? [] : ["model"]) + RequestField.allCases.map(\.rawValue)
        for name in members.keys.sorted() where name != "model" && RequestField.named(name) == nil {
            note(name.beginning(40).printable, .unknownMember(allowed))
            allowed = []
        }
    }

    private static func isRatio(_ value: JSONValue) -> Bool {
        guard let text = value.text, text.utf8.count <= 5 else { return false }
        let sides = text.split(separator: ":", omittingEmptySubsequences: false)
        return sides.count == 2
            && sides.allSatisfy { side in
                (1...2).contains(side.utf8.count) && side.allSatisfy(\.isNumber) && UInt(side) ?? 0 > 0
            }
    }

    /// A list of addresses; a single one where it was given as such.
    private mutating func addresses(_ value: JSONValue, most: Int, _ name: String) -> JSONValue? {
        guard let elements = value.text.map({ [.string($0)] }) ?? value.elements, elements.count <= most else {
            note(name, .outside(value.brief, .addresses(most: most)))
            return nil
        }
        let addresses = elements.map { element in
            let address = element.text.flatMap(WebAddress.image)
            if address == nil { note(name, .outside(element.brief, Self.allowedAddress(in: element))) }
            return JSONValue.string(address ?? "")
        }
        return elements.isEmpty ? nil : .array(addresses)
    }

    private mutating func weightedImages(_ value: JSONValue, most: Int, _ name: String) -> JSONValue? {
        if let images = Self.weighted(value, most, by: "url", WebAddress.image) { return .array(images) }
        let foreign = value.elements?.prefix(most).first { $0.members?["url"]?.text.map(WebAddress.hasForeignHost) == true }
        note(name, .outside((foreign?.members?["url"] ?? value).brief, foreign == nil ? .weighted("url", most: most) : .addressInASCII))
        return nil
    }

    private static func allowedAddress(in element: JSONValue) -> RequestFault.Allowed {
        element.text.map(WebAddress.hasForeignHost) == true ? .addressInASCII : .address
    }

    /// The elements of a list of objects with this member and a strength, each with its member as `read` gives it; nil when one is none.
    private static func weighted(_ value: JSONValue, _ most: Int, by key: String, _ read: (String) -> String?) -> [JSONValue]? {
        guard let elements = value.elements, elements.count <= most else { return nil }
        let weighted = elements.compactMap { element -> JSONValue? in
            guard let members = element.members, Set(members.keys) == [key, "strength"], let text = members[key]?.text.flatMap(read),
                let strength = members["strength"], strength.number.map(RequestLimits.weight.contains) == true
            else { return nil }
            return .object([key: .string(text), "strength": strength])
        }
        return weighted.count == elements.count ? weighted : nil
    }

    private static func isWord(_ text: String) -> Bool { !text.isBlank && text.upperLength <= RequestLimits.wordCharacters }

    /// Notes the first control character in any text of a value, if there is one.
    private mutating func refusesControls(of value: JSONValue, _ name: String) -> Bool {
        guard let control = value.refusedControl else { return false }
        note(name, .control(control))
        return true
    }

    /// The field's value and the name under which it was given; nil when it was not, or as null.
    private mutating func given(_ field: RequestField) -> (name: String, value: JSONValue)? {
        var found: (name: String, value: JSONValue)?
        for name in field.names {
            guard let value = members[name], value != .null else { continue }
            if let found { note(name, .givenTwice(found.name)) }
            found = found ?? (name, value)
        }
        return found
    }

    private mutating func note(_ member: String, _ fault: RequestFault) {
        guard problems.count < InvalidRequest.mostProblems else { return others += 1 }
        problems.append(InvalidRequest.Problem(member: member, fault: fault))
    }
}

extension JSONValue {
    /// The first control character in any text within that no text may have.
    fileprivate var refusedControl: String? {
        switch self {
        case .string(let text): text.refusedControl
        case .array(let elements): elements.lazy.compactMap(\.refusedControl).first
        case .object(let members): members.lazy.compactMap { $0.key.refusedControl ?? $0.value.refusedControl }.first
        case .null, .bool, .number: nil
        }
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
            // Krea's nano family names no bounds; more than this makes no sense.
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
}

extension Int {
    fileprivate init(_ number: Double, or other: Int) {
        self = Int(exactly: number) ?? other
    }
}
