import Jobs

extension RequestField {
    /// The rule without a route: everything that is allowed at all.
    var general: FieldRule { FieldRule(name: rawValue).completed(for: self) }

    /// The schema of the field under a rule.
    func schema(_ rule: FieldRule) -> JSONValue {
        let english = English()
        let description = "\(english.label(self)): \(english.hint(self, [rule].commonBounds))."
        let choices = rule.choices.map { JSONValue.array($0.map(JSONValue.string)) }
        switch kind {
        case .text:
            let most = min(rule.maximum ?? .infinity, Double(RequestLimits.promptCharacters))
            return Schema.text(
                "\(description) It must contain something visible. A character beyond U+FFFF counts as two of maxLength.",
                ["minLength": .number(rule.minimum ?? 1), "maxLength": .number(most), "pattern": .string(TextPattern.seen)])
        case .wholeNumber: return Schema.whole(description, Self.bounds("imum", rule))
        case .number: return Schema.number(description, Self.bounds("imum", rule))
        case .ratio:
            return Schema.text(description, choices.map { ["enum": $0] } ?? ["pattern": "^(0?[1-9]|[1-9][0-9]):(0?[1-9]|[1-9][0-9])$"])
        case .choice: return choices.map { Schema.text(description, ["enum": $0]) } ?? Self.word(description)
        case .addresses:
            let several = Schema.list("Several.", of: Self.address, Self.bounds("Items", rule))
            return ["description": .string(description), "anyOf": [several, Self.address]]
        case .styles: return Self.weighted(description, rule, "id", Self.word("A style's ID."))
        case .weightedImages:
            return Self.weighted(description, rule, "url", Self.address)
        }
    }

    /// An address as browsers accept it: letters beyond ASCII may follow the host, and are percent-encoded before they are counted.
    private static var address: JSONValue {
        let host = "[!$-.0-;=>@-~]+"
        let rest = "[/?#][^\"<\\ufffd\(TextPattern.invisible)]*"
        let schema = Schema.text("An https address or a data:image URI.")
        let secure: JSONValue = [
            "pattern": .string("^[Hh][Tt][Tt][Pp][Ss]://\(host)(\(rest))?$"),
            "maxLength": .number(Double(RequestLimits.imageURLCharacters)),
        ]
        let inline: JSONValue = ["pattern": "^[Dd][Aa][Tt][Aa]:[Ii][Mm][Aa][Gg][Ee]/[!#-;=-~]*$"]
        return .object((schema.members ?? [:]).merging(["anyOf": [secure, inline]]) { $1 })
    }

    private static func word(_ description: String) -> JSONValue {
        Schema.text(
            description,
            ["minLength": 1, "maxLength": .number(Double(RequestLimits.wordCharacters)), "pattern": .string(TextPattern.seen)])
    }

    private static func weighted(_ description: String, _ rule: FieldRule, _ key: String, _ schema: JSONValue) -> JSONValue {
        let weight = RequestLimits.weight
        let strength = Schema.number("Its weight.", ["minimum": .number(weight.lowerBound), "maximum": .number(weight.upperBound)])
        let element = Schema.object("One with its weight.", [key: schema, "strength": strength], isClosed: true)
        return Schema.list(description, of: element, bounds("Items", rule))
    }

    /// The bounds of a rule as `minimum` and `maximum`, or `minItems` and `maxItems`.
    private static func bounds(_ ending: String, _ rule: FieldRule) -> [String: JSONValue] {
        let bounds = ["min\(ending)": rule.minimum, "max\(ending)": rule.maximum]
        return bounds.compactMapValues { $0.map(JSONValue.number) }
    }
}
