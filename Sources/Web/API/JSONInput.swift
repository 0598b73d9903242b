import Jobs

/// Reads the JSON of requests.
enum JSONInput {
    /// The deepest nesting of a body. A request needs two levels.
    static let maximumDepth = 8
    /// The most values and names in a body. A request has some hundred at most, and a short value takes a hundred times its size when
    /// decoded.
    static let maximumValues = 4000

    /// The members of a body, which must be an object.
    ///
    /// Throws ``Refusal`` (400) when it is no JSON in UTF-8 (RFC 8259, section 8.1), no object, nested deeper than
    /// ``maximumDepth``, or has more than ``maximumValues``, and,
    /// with the member's name, when an object has a member twice or a number is out of range.
    static func members(of body: [UInt8]) throws(Refusal) -> [String: JSONValue] {
        let value: JSONValue
        do throws(JSONReader.Fault) {
            value = try JSONReader.value(of: body, maximumDepth: maximumDepth, maximumValues: maximumValues)
        } catch {
            throw Refusal(.brokenBody(fault(error)))
        }
        guard let members = value.members else { throw Refusal(.brokenBody(.noObject(value.brief))) }
        return members
    }

    private static func fault(_ fault: JSONReader.Fault) -> Refusal.BodyFault {
        switch fault {
        case .notUTF8: .notUTF8
        case .invalid: .notJSON
        case .tooDeep: .tooDeep(most: maximumDepth)
        case .tooMany: .tooManyValues(most: maximumValues)
        case .repeated(let path): .repeated(path)
        case .outOfRange(let path): .outOfRange(path)
        }
    }
}
