@testable import Jobs
import Testing

/// What can be seen of a text, how long it is, and how it is cut.
@Suite struct VisibleTextTests {
    @Test(arguments: [
        "", " \n\t", "\u{200B}", "\u{FEFF}", "\u{AD}", "\u{3164}", "\u{2800}\u{2800}", "\u{115F}\u{1160}\u{FFA0}", "\u{180E}",
        "\u{2060}\u{2062}", "\u{34F}",
        "\u{202E}\u{2066}", "\u{FE0F}", "\u{E0001}\u{E007F}", "\u{1D159}", "\u{A0}\u{3000}\u{1680}", "\0", "\u{85}", "\u{200D}\u{200C}",
        "\u{FFF9}",
    ])
    func `nothing can be seen`(text: String) {
        #expect(text.isBlank)
    }

    @Test(arguments: ["a", ".", "\u{200B}a", "é", "字", "😀", "👨‍👩‍👧‍👦", "\u{301}", "क्षि", "שלום", "\u{2801}", "\u{FFFD}", "\u{2010}", "\u{2030}"])
    func `something can be seen`(text: String) {
        #expect(!text.isBlank)
    }

    @Test func `what is ignored by Unicode's own data is invisible here`() {
        for value in (0 as UInt32)...0xEFFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let properties = scalar.properties
            if properties.isDefaultIgnorableCodePoint || properties.isWhitespace || properties.generalCategory == .control {
                #expect(!scalar.isVisible, "\(scalar.codePoint)")
            } else if properties.isAlphabetic || properties.isEmoji || properties.numericType != nil {
                #expect(scalar.isVisible, "\(scalar.codePoint)")
            }
        }
    }

    @Test func `all control characters but the tab and the line ends are refused`() {
        for value in (0 as UInt8)...0xFF {
            let scalar = Unicode.Scalar(value)
            let isRefused = scalar.properties.generalCategory == .control && !["\t", "\n", "\r"].contains(scalar)
            #expect(String(Character(scalar)).refusedControl == (isRefused ? scalar.codePoint : nil))
        }
        #expect("a\u{7}b\0".refusedControl == "U+0007")
        #expect("é字😀\u{202E}\r\n".refusedControl == nil)
    }

    @Test(arguments: [("abc", 3, 3), ("é", 1, 1), ("e\u{301}", 2, 2), ("😀", 1, 2), ("👨‍👩‍👧‍👦", 7, 11), ("क्षि", 4, 4)])
    func `a length has two measures, the stricter of which counts`(text: String, codePoints: Int, units: Int) {
        #expect(text.lowerLength == codePoints)
        #expect(text.upperLength == units)
    }

    @Test func `a text is cut by characters and by bytes`() {
        #expect("abc".beginning(3) == "abc")
        #expect("abc".beginning(2) == "ab")
        #expect("".beginning(2) == "")
        #expect(String(repeating: "é", count: 100).beginning(80) == String(repeating: "é", count: 80))
        let family = "👨‍👩‍👧‍👦"
        #expect(
            String(repeating: family, count: 5).beginning(2) == "👨‍👩‍👧‍👦" || String(repeating: family, count: 5).beginning(2).utf8.count <= 16)
        let accents = "a" + String(repeating: "\u{301}", count: 400_000)
        #expect(accents.count == 1)
        #expect(accents.beginning(80).utf8.count <= 640)
        #expect(accents.beginning(80).utf8.starts(with: "a\u{301}".utf8))
        for count in 1...30 { #expect(String(repeating: "x\u{1F600}字é", count: 40).beginning(count).utf8.count <= 8 * count) }
    }

    @Test func `a value in a few words steers nothing and is short`() {
        #expect(JSONValue.string("a\u{1B}[31m\u{202E}").brief == #""a\u{1b}[31m\u{202e}""#)
        #expect(JSONValue.string("e" + String(repeating: "\u{301}", count: 50)).brief == "a text of 51 characters")
    }
}
