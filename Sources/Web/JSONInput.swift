import FoundationEssentials
import Jobs

/// The one place where JSON is read.
enum JSONInput {
    /// How deep a body may be nested. A request needs two levels; what decoding costs grows with the square of the depth.
    static let maximumDepth = 8
    /// How many values a body may have, or names of members: a request has some hundred at most, and decoding takes a hundred times as much memory
    /// as a short value does in the body.
    static let maximumValues = 4000

    /// The members of the object that a body is.
    ///
    /// Throws ``Refusal`` (400) when it is no JSON in UTF-8 (RFC 8259, section 8.1), no object, nested deeper than
    /// ``maximumDepth``, or has more than ``maximumValues``.
    static func members(of body: [UInt8]) throws(Refusal) -> [String: JSONValue] {
        // The decoder would guess UTF-16 from zero bytes, in which brackets cannot be counted.
        guard !body.contains(0), String(validating: body, as: UTF8.self) != nil else { throw .brokenBody("The body is not valid UTF-8.") }
        let (depth, values) = measure(body)
        guard depth <= maximumDepth else {
            throw .brokenBody("The body is nested deeper than \(maximumDepth) levels.")
        }
        guard values <= maximumValues else {
            throw .brokenBody("The body has more than \(maximumValues) values.")
        }
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(body)) else {
            throw .brokenBody("The body is not valid JSON.")
        }
        guard let members = value.members else { throw .brokenBody("The body must be a JSON object, not \(value.brief).") }
        return members
    }

    /// The most brackets that are open at once outside of strings, and how many values and names there are at most; of something that is no
    /// JSON, any numbers.
    private static func measure(_ body: [UInt8]) -> (depth: Int, values: Int) {
        var deepest = 0
        var values = 1
        var open = 0
        var isInString = false
        var isEscaped = false
        for byte in body {
            if isEscaped {
                isEscaped = false
            } else if isInString {
                isEscaped = byte == UInt8(ascii: "\\")
                isInString = byte != UInt8(ascii: "\"")
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
            } else if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") {
                open += 1
                values += 1
                deepest = max(deepest, open)
            } else if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
                open -= 1
            } else if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") {
                values += 1
            }
        }
        return (deepest, values)
    }
}
