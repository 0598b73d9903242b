import Jobs

/// What is taken as a text, as a regular expression (ECMA-262, as JSON Schema has it: by code points).
enum TextPattern {
    /// A text of which something can be seen, without the control characters that none may have.
    static let seen = "^[^\(controls)]*[^\(invisible)][^\(controls)]*$"

    /// Code points that show nothing, as a part of a class.
    static let invisible = ranges(VisibleText.invisible)

    private static let controls = ranges(VisibleText.refusedControls)

    private static func ranges(_ ranges: [ClosedRange<UInt32>]) -> String {
        ranges.map { $0.count == 1 ? character($0.lowerBound) : "\(character($0.lowerBound))-\(character($0.upperBound))" }.joined()
    }

    /// Beyond U+FFFF there is no escape that all readers of patterns know.
    private static func character(_ codePoint: UInt32) -> String {
        guard codePoint > 0xFFFF else {
            let digits = String(codePoint, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        return Unicode.Scalar(codePoint).map { String(Character($0)) } ?? ""
    }
}
