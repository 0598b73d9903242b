// Text that is safe to show outside a browser: in a terminal, a log, plain text or Markdown. This module must not know the service.
// Another kind of safe text is another member of `StringProtocol` here.

extension StringProtocol {
    /// The text as one line that cannot control a terminal.
    ///
    /// Control characters, line ends, direction marks and other invisible format characters become escapes: `\n`, `\u{1b}`, `\u{202e}`.
    /// Everything else stays, including the joiners that emoji and the scripts of India and Persia need.
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

    /// This JSON text, changed so that it cannot control a terminal.
    ///
    /// Such characters become JSON escapes inside strings, so the value stays the same (RFC 8259, section 7). Outside strings JSON has none.
    public var printableJSON: String {
        guard !unicodeScalars.allSatisfy(\.isPrintable) else { return String(self) }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if scalar.isPrintable { text.unicodeScalars.append(scalar) } else { text += scalar.jsonEscape }
        }
    }
}

extension Unicode.Scalar {
    /// The character as an escape in a JSON string.
    public var jsonEscape: String {
        String(self).utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }

    /// Whether the character controls nothing: no terminal, no line end, no direction of the text after it.
    public var isPrintable: Bool {
        if (0x20...0x7E).contains(value) { return true }
        // ZERO WIDTH NON-JOINER and ZERO WIDTH JOINER only shape the characters beside them.
        if value == 0x200C || value == 0x200D { return true }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: !properties.isNoncharacterCodePoint
        }
    }
}
