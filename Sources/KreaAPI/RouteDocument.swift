import Jobs

/// Reads routes from Krea's OpenAPI document, with the part of JSON Schema that Krea uses (krea-api.md, section 2).
extension KreaRoute {
    /// The readable image routes of a document, in the order of their paths.
    static func routes(in document: JSONValue) -> [KreaRoute] {
        let prefix = "/generate/image/"
        let paths = document.members?["paths"]?.members ?? [:]
        return paths.keys.filter { $0.hasPrefix(prefix) && $0.utf8.count <= AnswerLimits.name }.sorted().prefix(AnswerLimits.routes)
            .compactMap { path in
                paths[path]?.members?["post"].flatMap { KreaRoute(path: String(path.dropFirst(prefix.count)), operation: $0) }
            }
    }

    private init?(path: String, operation: JSONValue) {
        let body = operation["requestBody"]?["content"]?["application/json"]?["schema"]
        guard let schema = body, let properties = schema["properties"]?.members, properties["prompt"] != nil else { return nil }
        let required = Set(schema["required"]?.elements?.compactMap(\.text) ?? [])
        var fields: [RequestField: FieldRule] = [:]
        // In a fixed order. Where a route has an old and a new name for a field, the new one counts.
        for (name, property) in properties.sorted(by: { $0.key < $1.key }) {
            guard let field = RequestField.named(name), fields[field] == nil || name == field.rawValue else { continue }
            fields[field] = FieldRule(name: name, schema: property, isRequired: required.contains(name))
        }
        let points = operation["x-krea-pricing"]?["price_points"]?.elements ?? []
        self.init(path: path, fields: fields, prices: points.prefix(AnswerLimits.routes).compactMap(Price.init))
    }
}

extension KreaRoute.Price {
    fileprivate init?(_ point: JSONValue) {
        guard let amount = point["amount"]?.number, (0...AnswerLimits.price).contains(amount) else { return nil }
        let dimensions = point["dimensions"]?.members ?? [:]
        // Without one of its conditions, a price would apply where it does not hold.
        guard dimensions.count <= AnswerLimits.dimensions, dimensions.keys.allSatisfy({ $0.utf8.count <= AnswerLimits.name }) else {
            return nil
        }
        self.init(usd: amount, conditions: dimensions.mapValues { ($0.text ?? $0.brief).prefix(codePoints: AnswerLimits.name) })
    }
}

extension FieldRule {
    fileprivate init(name: String, schema: JSONValue, isRequired: Bool) {
        // `anyOf` of a value and null means the value.
        let alternatives = schema["anyOf"]?.elements ?? schema["oneOf"]?.elements ?? []
        let schema = alternatives.first { $0["type"]?.text != "null" } ?? schema
        let types = schema["type"]?.elements?.compactMap(\.text) ?? [schema["type"]?.text].compactMap(\.self)
        self.init(
            name: name,
            minimum: (schema["minimum"] ?? schema["minLength"])?.bound,
            maximum: (schema["maximum"] ?? schema["maxLength"] ?? schema["maxItems"])?.bound,
            choices: (schema["enum"]?.elements?.lazy.compactMap(\.name).prefix(AnswerLimits.routes)).map(Array.init),
            isRequired: isRequired,
            isSingle: types.contains("string") && !types.contains("array"),
            fallback: schema["default"]?.fallback)
        // The length of an address does not bound the number of addresses.
        if schema["format"]?.text == "uri" { (minimum, maximum) = (nil, nil) }
    }
}

extension JSONValue {
    fileprivate subscript(name: String) -> JSONValue? { members?[name] }
}
