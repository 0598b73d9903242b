import Foundation
import Logging
import Testing

@testable import Logs

/// What a line looks like, whatever is in it.
@Suite struct LogLineTests {
    private func line(_ message: String, _ metadata: Logger.Metadata = [:], _ level: Logger.Level = .info, as format: LogFormat) -> String {
        LogLine(level: level, label: "krea-fcgi", message: message, metadata: metadata).text(format, time: "2026-03-01T12:00:00.000Z")
    }

    @Test func `text has time, level, name, message and values in the order of their names`() {
        #expect(
            line("Asked", ["b": "2", "a": "one two", "c": ""], as: .text)
                == "2026-03-01T12:00:00.000Z info krea-fcgi: Asked a=\"one two\" b=2 c=\"\"\n")
    }

    @Test(
        arguments: [
            (.trace, 7), (.debug, 7), (.info, 6), (.notice, 5), (.warning, 4), (.error, 3), (.critical, 2),
        ] as [(Logger.Level, Int)])
    func `the journal gets the level as syslog's number, and neither time nor name`(level: Logger.Level, number: Int) {
        #expect(line("Asked", ["job": "7"], level, as: .journal) == "<\(number)>Asked job=7\n")
    }

    @Test func `JSON is one object, whose own members no value can take`() throws {
        let text = line("Asked \"it\"\n", ["job": "7", "level": "mine"], .warning, as: .json)
        #expect(text.hasSuffix("}\n"))
        #expect(text.dropLast().contains("\n") == false)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String])
        #expect(
            object == [
                "time": "2026-03-01T12:00:00.000Z", "level": "warning", "logger": "krea-fcgi", "message": "Asked \"it\"\n", "job": "7",
            ])
    }

    @Test func `JSON has nothing raw that a terminal would obey, and loses nothing`() throws {
        let text = line("a\u{1B}[31m\u{202E}b\u{E0041}", as: .json)
        #expect(text.contains(#"a\u001b[31m\u202eb\udb40\udc41"#))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String])
        #expect(object["message"] == "a\u{1B}[31m\u{202E}b\u{E0041}")
    }

    @Test(arguments: [LogFormat.text, .journal])
    func `no text can make a second line, steer a terminal or end its quotes`(format: LogFormat) {
        let text = line("a\n<0>b\u{1B}[31m\u{202E}", ["v": "x\" y=\"1\r\nz\\"], as: format)
        #expect(text.dropLast().allSatisfy { !$0.isNewline })
        #expect(text.hasSuffix(#"a\n<0>b\u{1b}[31m\u{202e} v="x\" y=\"1\r\nz\\""# + "\n"))
    }
}
