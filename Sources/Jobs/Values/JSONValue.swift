import PlainText

/// Any JSON value, as a request gives it before anyone has looked at what it means.
public enum JSONValue: Hashable, Sendable, Codable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// Any number; JSON knows no difference between `1024` and `1024.0`.
    case number(Double)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object; a member that is given twice counts once.
    case object([String: JSONValue])

    /// Whether two values are the same, texts by their bytes (see ``TextKey``).
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { name, value in
                    guard let index = right.index(forKey: name) else { return false }
                    return right[index].key.hasSameBytes(as: name) && right[index].value == value
                }
        default: false
        }
    }

    /// Reads one value. Throws what the decoder throws.
    ///
    /// It asks what is there before it reads it: to try one kind after the other would read what is inside again and again.
    public init(from decoder: any Decoder) throws {
        if var list = try? decoder.unkeyedContainer() {
            var elements: [JSONValue] = []
            while !list.isAtEnd { elements.append(try list.decode(JSONValue.self)) }
            self = .array(elements)
        } else if let object = try? decoder.container(keyedBy: Name.self) {
            let members = try object.allKeys.map { ($0.stringValue, try object.decode(JSONValue.self, forKey: $0)) }
            self = .object(Dictionary(members) { first, _ in first })
        } else {
            self = try Self.scalar(in: decoder.singleValueContainer())
        }
    }

    private static func scalar(in container: any SingleValueDecodingContainer) throws -> JSONValue {
        if container.decodeNil() { return .null }
        if let text = try? container.decode(String.self) { return .string(text) }
        if let number = try? container.decode(Double.self) { return .number(number) }
        return .bool(try container.decode(Bool.self))
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Writes the value; a whole number without a fraction. Throws what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value):
            if let whole = Int(exactly: value) { try container.encode(whole) } else { try container.encode(value) }
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// The value in a few words for an error sentence: itself where it is short, else what kind of thing it is. One line that cannot
    /// steer what shows it.
    public var brief: String {
        switch self {
        case .null: "null"
        case .bool(let value): String(value)
        case .number(let value): Int(exactly: value).map(String.init) ?? String(value)
        case .string(let value): value.upperLength <= 40 ? "\"\(value.printable)\"" : "a text of \(value.upperLength) characters"
        case .array(let value): "a list of \(value.count)"
        case .object: "an object"
        }
    }

    /// The members of an object, the text of a string, the elements of an array: nil when it is something else.
    public var members: [String: JSONValue]? { if case .object(let value) = self { value } else { nil } }
    /// The text of a string; nil when it is something else.
    public var text: String? { if case .string(let value) = self { value } else { nil } }
    /// The number, if it is one.
    public var number: Double? { if case .number(let value) = self { value } else { nil } }
    /// The elements of an array; nil when it is something else.
    public var elements: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
}
