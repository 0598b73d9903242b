/// The schema of a value in a request body, with the part of JSON Schema that Krea uses.
indirect enum BodySchema: Sendable {
    case string(minLength: Int? = nil, maxLength: Int? = nil, oneOf: [String] = [])
    /// Two whole numbers with a colon between them, like `16:9`.
    case ratio
    /// An address with a scheme. As at Krea, a `data:` address may exceed `maxLength`.
    case uri(maxLength: Int? = nil)
    case number(in: Bounds = Bounds())
    case integer(in: Bounds = Bounds())
    case array(of: BodySchema, maxItems: Int? = nil)
    case object(ObjectSchema)
    case nullable(BodySchema)

    /// Inclusive bounds; nil for none.
    struct Bounds: Sendable {
        var minimum: Double?
        var maximum: Double?

        init(_ minimum: Double? = nil, _ maximum: Double? = nil) {
            (self.minimum, self.maximum) = (minimum, maximum)
        }
    }
}

/// The members of an object. A closed object refuses all other members.
struct ObjectSchema: Sendable {
    struct Property: Sendable {
        var name: String
        var schema: BodySchema
        var required = false
        var standard: JSON?
    }

    var properties: [Property]
    var closed = true
}

/// A fault in a request body: its place and one sentence.
struct SchemaFault: Sendable, Equatable {
    /// The member names and array positions, from the outermost value inwards.
    var path: [JSON]
    var message: String

    var json: JSON { ["path": .array(path), "message": .string(message)] }
}

extension ObjectSchema {
    /// All faults in `value`, in the order of the properties, unknown members last.
    func faults(in value: JSON, at path: [JSON] = []) -> [SchemaFault] {
        guard case .object(let members) = value else { return [BodySchema.mismatch("object", value, path)] }
        var faults: [SchemaFault] = []
        for property in properties {
            let place = path + [.string(property.name)]
            if let member = members[property.name] {
                faults += property.schema.faults(in: member, at: place)
            } else if property.required {
                faults.append(SchemaFault(path: place, message: "Required"))
            }
        }
        let unknown = Set(members.keys).subtracting(properties.map(\.name)).sorted()
        if closed, !unknown.isEmpty {
            let names = unknown.map { "\"\($0)\"" }.joined(separator: ", ")
            faults.append(SchemaFault(path: path, message: "Unrecognized keys: \(names)"))
        }
        return faults
    }
}

extension BodySchema {
    fileprivate static func mismatch(_ expected: String, _ value: JSON, _ path: [JSON]) -> SchemaFault {
        SchemaFault(path: path, message: "Expected \(expected), received \(value.kind)")
    }

    fileprivate func faults(in value: JSON, at path: [JSON]) -> [SchemaFault] {
        switch self {
        case .string, .ratio, .uri:
            guard let text = value.text else { return [Self.mismatch("string", value, path)] }
            return fault(ofText: text).map { [SchemaFault(path: path, message: $0)] } ?? []
        case .number(let bounds):
            guard let number = value.double else { return [Self.mismatch("number", value, path)] }
            return bounds.fault(of: number).map { [SchemaFault(path: path, message: $0)] } ?? []
        case .integer(let bounds):
            guard let number = value.double else { return [Self.mismatch("integer", value, path)] }
            guard number == number.rounded() else { return [SchemaFault(path: path, message: "Expected integer, received float")] }
            return bounds.fault(of: number).map { [SchemaFault(path: path, message: $0)] } ?? []
        case .array(let items, let maxItems):
            guard case .array(let values) = value else { return [Self.mismatch("array", value, path)] }
            if let maxItems, values.count > maxItems {
                return [SchemaFault(path: path, message: "Array must contain at most \(maxItems) elements")]
            }
            return values.enumerated().flatMap { items.faults(in: $1, at: path + [.number(Double($0))]) }
        case .object(let object):
            return object.faults(in: value, at: path)
        case .nullable(let schema):
            return value == .null ? [] : schema.faults(in: value, at: path)
        }
    }

    private func fault(ofText text: String) -> String? {
        switch self {
        case .string(let minLength, let maxLength, let allowed):
            let length = text.unicodeScalars.count
            if let minLength, length < minLength { return "String must contain at least \(minLength) characters" }
            if let maxLength, length > maxLength { return "String must contain at most \(maxLength) characters" }
            if !allowed.isEmpty, !allowed.contains(text) {
                return "Invalid enum value. Expected one of \(allowed.joined(separator: ", ")), received \(text)"
            }
        case .ratio:
            if text.wholeMatch(of: /[1-9][0-9]*:[1-9][0-9]*/) == nil { return "Invalid aspect ratio" }
        case .uri(let maxLength):
            if text.prefixMatch(of: /[A-Za-z][A-Za-z0-9+.\-]*:[^\s]+/) == nil { return "Invalid url" }
            if let maxLength, !text.hasPrefix("data:"), text.unicodeScalars.count > maxLength {
                return "String must contain at most \(maxLength) characters"
            }
        default: break
        }
        return nil
    }
}

extension BodySchema.Bounds {
    fileprivate func fault(of number: Double) -> String? {
        if let minimum, number < minimum { return "Number must be greater than or equal to \(JSON.number(minimum).written)" }
        if let maximum, number > maximum { return "Number must be less than or equal to \(JSON.number(maximum).written)" }
        return nil
    }
}

extension JSON {
    /// The value's JSON text, for a sentence.
    fileprivate var written: String { String(decoding: bytes, as: UTF8.self) }
}
