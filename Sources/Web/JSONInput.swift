import FoundationEssentials
import Jobs

/// The one place where JSON is read.
enum JSONInput {
    /// How deep a body may be nested. A request needs two levels; what decoding costs grows with the square of the depth.
    static let maximumDepth = 8

    /// The members of the object that a body is.
    ///
    /// Throws ``Refusal`` (400) when it is no JSON in UTF-8 (RFC 8259, section 8.1), no object, or nested deeper than
    /// ``maximumDepth``.
    static func members(of body: [UInt8]) throws(Refusal) -> [String: JSONValue] {
        // The decoder would guess UTF-16 from zero bytes, in which brackets cannot be counted.
        guard !body.contains(0), String(validating: body, as: UTF8.self) != nil else { throw .brokenBody("The body is not valid UTF-8.") }
        guard depth(of: body) <= maximumDepth else {
            throw .brokenBody("The body is nested deeper than \(maximumDepth) levels.")
        }
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(body)) else {
            throw .brokenBody("The body is not valid JSON.")
        }
        guard let members = value.members else { throw .brokenBody("The body must be a JSON object, not \(value.brief).") }
        return members
    }

    /// The most brackets that are open at once outside of strings; of something that is no JSON, any number.
    private static func depth(of body: [UInt8]) -> Int {
        var deepest = 0
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
                deepest = max(deepest, open)
            } else if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
                open -= 1
            }
        }
        return deepest
    }
}
