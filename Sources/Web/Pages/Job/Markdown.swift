import PlainText

/// Escapes text for Markdown (CommonMark 0.31, and GitHub's automatic links).
enum Markdown {
    /// The text without any markup, for anywhere but the start of a line.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text.printable.unicodeScalars {
            if #"\`*_[]<>&~|$^"#.unicodeScalars.contains(character) { escaped += "\\" }
            escaped.unicodeScalars.append(character)
        }
        return escaped.replacing("://", with: "\\://").replacing("www.", with: "www\\.")
    }

    /// An address as the destination of a link (CommonMark, section 6.3).
    static func destination(_ address: String) -> String {
        var destination = ""
        for byte in address.utf8 {
            if byte > 0x20, byte < 0x7F, !"()<>\\".utf8.contains(byte) {
                destination.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                destination += byte < 16 ? "%0" : "%"
                destination += String(byte, radix: 16, uppercase: true)
            }
        }
        return destination
    }
}
