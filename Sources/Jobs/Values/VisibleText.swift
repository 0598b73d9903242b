/// What can be seen of a text, and what may not stand in one.
///
/// A range here is one in the OpenAPI document's patterns too, so that both always say the same.
public enum VisibleText {
    /// The control characters that no text may have: all but the tab and the line ends LF and CR.
    public static let refusedControls: [ClosedRange<UInt32>] = [0x00...0x08, 0x0B...0x0C, 0x0E...0x1F, 0x7F...0x9F]

    /// The code points that show nothing: control characters, white space, whatever is ignored when a text is drawn
    /// (Default_Ignorable_Code_Point of the Unicode Character Database), and the blank ones beside those: the empty Braille pattern, the null
    /// notehead, the marks of annotations.
    public static let invisible: [ClosedRange<UInt32>] = [
        0x00...0x20, 0x7F...0xA0, 0xAD...0xAD, 0x34F...0x34F, 0x61C...0x61C, 0x115F...0x1160, 0x1680...0x1680, 0x17B4...0x17B5,
        0x180B...0x180F, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F, 0x2800...0x2800, 0x3000...0x3000, 0x3164...0x3164,
        0xFE00...0xFE0F, 0xFEFF...0xFEFF, 0xFFA0...0xFFA0, 0xFFF0...0xFFFB, 0x1BCA0...0x1BCA3, 0x1D159...0x1D159, 0x1D173...0x1D17A,
        0xE0000...0xE0FFF,
    ]
}

extension Unicode.Scalar {
    /// Whether something of it can be seen.
    var isVisible: Bool {
        // Spaces first: a text can have a megabyte of them.
        guard value > 0x20 else { return false }
        return value < 0x7F || !VisibleText.invisible.contains { $0.contains(value) }
    }

    /// Whether no text may have it; see ``VisibleText/refusedControls``.
    var isRefusedControl: Bool { value < 0xA0 && VisibleText.refusedControls.contains { $0.contains(value) } }

    /// As people write a code point: `U+0000`.
    var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension StringProtocol {
    /// Whether nothing of the text can be seen.
    public var isBlank: Bool { !unicodeScalars.contains(where: \.isVisible) }

    /// The first control character that no text may have, as a code point; nil when there is none.
    var refusedControl: String? { unicodeScalars.first(where: \.isRefusedControl)?.codePoint }

    /// The length by which a text is too long: UTF-16 code units, never less than its code points. Krea's `maxLength` counts one of
    /// the two, and browsers count the first.
    public var upperLength: Int { utf16.count }

    /// The length by which a text is too short: code points, never more than its UTF-16 code units.
    var lowerLength: Int { unicodeScalars.count }

    /// The beginning of the text: at most so many characters as people count them, and at most 8 bytes for each of these, since one
    /// character can have any number of accents.
    public func beginning(_ characters: Int) -> String {
        let bytes = characters * 8
        guard utf8.count > bytes else { return String(prefix(characters)) }
        var start = ""
        for scalar in unicodeScalars {
            guard start.utf8.count + UTF8.width(scalar) <= bytes else { break }
            start.unicodeScalars.append(scalar)
        }
        // The last character may be one that was cut.
        return String(start.prefix(Swift.max(1, Swift.min(characters, start.count - 1))))
    }
}
