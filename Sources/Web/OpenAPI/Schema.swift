import Jobs

/// Pieces of JSON Schema (draft 2020-12), which OpenAPI 3.1 uses.
enum Schema {
    static func text(_ description: String, _ more: [String: JSONValue] = [:]) -> JSONValue { one("string", description, more) }
    static func whole(_ description: String, _ more: [String: JSONValue] = [:]) -> JSONValue { one("integer", description, more) }
    static func number(_ description: String, _ more: [String: JSONValue] = [:]) -> JSONValue { one("number", description, more) }
    static func flag(_ description: String) -> JSONValue { one("boolean", description, [:]) }
    static func time(_ description: String) -> JSONValue { text(description, ["format": "date-time"]) }
    /// An address; only https if it must be secure.
    static func address(_ description: String, isSecure: Bool = false) -> JSONValue {
        text(description, ["format": "uri"].merging(isSecure ? ["pattern": "^https://"] : [:]) { $1 })
    }

    /// One of these words, and no other.
    static func word(_ description: String, of words: [String]) -> JSONValue {
        text(description, ["enum": .array(words.map(JSONValue.string))])
    }

    /// Usually one of these words; another may come.
    static func openWord(_ description: String, usually words: [String]) -> JSONValue {
        ["description": .string(description), "anyOf": [["enum": .array(words.map(JSONValue.string))], ["type": "string"]]]
    }

    static func list(_ description: String, of schema: JSONValue, _ more: [String: JSONValue] = [:]) -> JSONValue {
        one("array", description, more.merging(["items": schema]) { $1 })
    }

    /// An object with these members, which are required unless optional.
    ///
    /// - Parameter isClosed: Whether other members are refused. Programs that read answers should take more members than they know.
    static func object(
        _ description: String, _ members: [String: JSONValue], optional: Set<String> = [], isClosed: Bool = false
    ) -> JSONValue {
        let needed = members.keys.filter { !optional.contains($0) }.sorted()
        var more: [String: JSONValue] = ["properties": .object(members)]
        if !needed.isEmpty { more["required"] = .array(needed.map(JSONValue.string)) }
        if isClosed { more["additionalProperties"] = false }
        return one("object", description, more)
    }

    static func nullable(_ schema: JSONValue) -> JSONValue { ["anyOf": [schema, ["type": "null"]]] }

    /// A schema in the document's components.
    static func named(_ name: String) -> JSONValue { reference("schemas", name) }

    /// A part of the document's components.
    static func reference(_ kind: String, _ name: String) -> JSONValue { ["$ref": .string("#/components/\(kind)/\(name)")] }

    private static func one(_ type: String, _ description: String, _ more: [String: JSONValue]) -> JSONValue {
        .object(more.merging(["type": .string(type), "description": .string(description)]) { $1 })
    }
}
