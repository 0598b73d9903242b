import Jobs

extension RequestField {
    /// The rule where no route is known: what is allowed at all.
    var general: FieldRule { FieldRule(name: rawValue).completed(for: self) }

    /// What the field may be by a rule.
    func schema(_ rule: FieldRule) -> JSONValue {
        let english = English()
        let description = "\(english.label(self)): \(english.hint(self, [rule].commonBounds))."
        let choices = rule.choices.map { JSONValue.array($0.map(JSONValue.string)) }
        switch kind {
        case .text:
            let most = min(rule.maximum ?? .infinity, Double(RequestLimits.promptCharacters))
            return Schema.text(description, ["minLength": .number(rule.minimum ?? 1), "maxLength": .number(most), "pattern": "\\S"])
        case .wholeNumber: return Schema.whole(description, Self.bounds("imum", rule))
        case .number: return Schema.number(description, Self.bounds("imum", rule))
        case .ratio:
            return Schema.text(description, choices.map { ["enum": $0] } ?? ["pattern": "^(0?[1-9]|[1-9][0-9]):(0?[1-9]|[1-9][0-9])$"])
        case .choice: return Schema.text(description, choices.map { ["enum": $0] } ?? [:])
        case .addresses:
            let several = Schema.list("Several.", of: Self.address, Self.bounds("Items", rule))
            return ["description": .string(description), "anyOf": [several, Self.address]]
        case .styles: return Self.weighted(description, rule, "id", Schema.text("A style's ID.", ["minLength": 1]))
        case .weightedImages:
            return Self.weighted(description, rule, "url", Self.address)
        }
    }

    /// Visible ASCII characters but " and <.
    private static var address: JSONValue {
        let rest = RequestLimits.imageURLCharacters - "https://".count
        return Schema.text(
            "An https address or a data:image URI.", ["pattern": .string("^(https://[!#-;=-~]{1,\(rest)}|data:image/[!#-;=-~]*)$")])
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
