// Text for readers that are not browsers: plain text and Markdown, a terminal, the log. This module must not know anything of the service.

extension StringProtocol {
    /// The text as one line that cannot steer what shows it.
    ///
    /// Control characters, line ends, direction marks and other invisible format characters come as escapes: `\n`, `\u{1b}`, `\u{202e}`.
    /// Everything else stays, also the joiners that emoji and the scripts of India and Persia are written with.
    public var printable: String {
        guard !unicodeScalars.allSatisfy(\.isPrintable) else { return String(self) }
        return unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.isPrintable: text.unicodeScalars.append(scalar)
            default: text += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
    }

    /// The text of a JSON value with nothing in it that could steer what shows it: within strings such characters come as JSON's own escapes,
    /// so that it is the same value (RFC 8259, section 7). Outside of strings JSON has none.
    public var printableJSON: String {
        guard !unicodeScalars.allSatisfy(\.isPrintable) else { return String(self) }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if scalar.isPrintable { text.unicodeScalars.append(scalar) } else { text += scalar.jsonEscape }
        }
    }
}

extension Unicode.Scalar {
    /// The character as an escape of a JSON string.
    public var jsonEscape: String {
        String(self).utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }

    /// Whether it only ever stands for itself: it does not steer a terminal, end a line, or turn the direction of what follows.
    public var isPrintable: Bool {
        if (0x20...0x7E).contains(value) { return true }
        // ZERO WIDTH NON-JOINER and ZERO WIDTH JOINER shape the characters beside them, and nothing else.
        if value == 0x200C || value == 0x200D { return true }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: !properties.isNoncharacterCodePoint
        }
    }
}
