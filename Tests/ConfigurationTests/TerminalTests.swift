import ArgumentParser
import Testing

@testable import krea_fcgi

/// What commands print.
@Suite struct TerminalTests {
    @Test func `each line of a message is one line, and none steers the terminal`() {
        #expect(Terminal.text(of: "a\u{1B}[2J\nb\u{202E}\rc") == "a\\u{1b}[2J\nb\\u{202e}\\rc\n")
    }

    @Test func `a value that is not allowed is shown as it may be shown`() throws {
        let error = try #require(throws: InvalidSetting.self) {
            try ServiceConfiguration(ConfigurationSource(environment: ["KREA_FCGI_THREADS": "\u{1B}[31m8\u{202E}"]))
        }
        let text = Terminal.text(of: KreaFCGI.fullMessage(for: error))
        #expect(text.contains(#"KREA_FCGI_THREADS is "\u{1b}[31m8\u{202e}" but must be"#))
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x202E })
    }
}
