import PlainText
import Testing

/// What becomes of characters that could steer a terminal.
@Suite struct PlainTextTests {
    @Test(
        arguments: [
            ("", ""), ("a lighthouse at dusk", "a lighthouse at dusk"), ("灯塔 · café", "灯塔 · café"), ("\\n", "\\n"),
            ("a\u{1B}[31mb", #"a\u{1b}[31mb"#), ("a\nb\r\tc", #"a\nb\r\tc"#), ("a\r\nb", #"a\r\nb"#),
            ("a\u{0}b\u{7F}\u{9B}", #"a\u{0}b\u{7f}\u{9b}"#),
            ("a\u{85}b\u{2028}c\u{2029}", #"a\u{85}b\u{2028}c\u{2029}"#), ("\u{FEFF}a\u{AD}\u{200B}", #"\u{feff}a\u{ad}\u{200b}"#),
            ("\u{E0041}", #"\u{e0041}"#), ("\u{FFFF}", #"\u{ffff}"#),
            ("👨‍👩‍👧", "👨‍👩‍👧"), ("می‌خواهم", "می‌خواهم"), ("🏳️‍🌈", "🏳️‍🌈"), ("e\u{301}", "e\u{301}"),
        ])
    func `what steers a reader comes as an escape, and everything else as it is`(text: String, printable: String) {
        // By their bytes: a comparison of texts does not see every difference.
        #expect(Array(text.printable.utf8) == Array(printable.utf8))
    }

    @Test func `no mark of direction is left`() {
        for value in [0x061C, 0x200E, 0x200F] + Array(0x202A...0x202E) + Array(0x2066...0x206F) {
            let mark = Unicode.Scalar(UInt32(value))!
            #expect("a\(Character(mark))b".printable == "a\\u{\(String(value, radix: 16))}b")
        }
    }
}
