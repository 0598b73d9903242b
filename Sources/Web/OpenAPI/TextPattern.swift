import Jobs

/// Regular expressions for texts (ECMA-262, by code points as in JSON Schema).
enum TextPattern {
    /// A text with something visible and without control characters.
    static let seen = "^[^\(controls)]*[^\(invisible)][^\(controls)]*$"

    /// Invisible code points, as part of a character class.
    static let invisible = ranges(VisibleText.invisible)

    private static let controls = ranges(VisibleText.refusedControls)

    private static func ranges(_ ranges: [ClosedRange<UInt32>]) -> String {
        ranges.map { $0.count == 1 ? character($0.lowerBound) : "\(character($0.lowerBound))-\(character($0.upperBound))" }.joined()
    }

    /// Beyond U+FFFF, no escape is known to all readers of patterns.
    private static func character(_ codePoint: UInt32) -> String {
        guard codePoint > 0xFFFF else {
            let digits = String(codePoint, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        return Unicode.Scalar(codePoint).map { String(Character($0)) } ?? ""
    }
}
