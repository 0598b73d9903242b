import Jobs

/// The one place where JSON is read.
enum JSONInput {
    /// How deep a body may be nested. A request needs two levels.
    static let maximumDepth = 8
    /// How many values a body may have, or names of members: a request has some hundred at most, and decoding takes a hundred times as much memory
    /// as a short value does in the body.
    static let maximumValues = 4000

    /// The members of the object that a body is.
    ///
    /// Throws ``Refusal`` (400) when it is no JSON in UTF-8 (RFC 8259, section 8.1), no object, nested deeper than
    /// ``maximumDepth``, or has more than ``maximumValues``, and,
    /// with the member's name, when an object has a member twice or a number is out of range.
    static func members(of body: [UInt8]) throws(Refusal) -> [String: JSONValue] {
        let value: JSONValue
        do throws(JSONReader.Fault) {
            value = try JSONReader.value(of: body, maximumDepth: maximumDepth, maximumValues: maximumValues)
        } catch {
            throw refusal(error)
        }
        guard let members = value.members else { throw .brokenBody("The body must be a JSON object, not \(value.brief).") }
        return members
    }

    private static func refusal(_ fault: JSONReader.Fault) -> Refusal {
        switch fault {
        case .notUTF8: .brokenBody("The body is not valid UTF-8.")
        case .invalid: .brokenBody("The body is not valid JSON.")
        case .tooDeep: .brokenBody("The body is nested deeper than \(maximumDepth) levels.")
        case .tooMany: .brokenBody("The body has more than \(maximumValues) values.")
        case .repeated(let path): .badMember(path, "is given twice.")
        case .outOfRange(let path): .badMember(path, "is a number out of range.")
        }
    }
}
