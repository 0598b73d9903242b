import FoundationEssentials
import Logging
import PlainText

/// One line of the log. Line breaks and control characters in it can neither fake a second line nor control a terminal.
struct LogLine {
    let level: Logger.Level
    let label: String
    let message: String
    let metadata: Logger.Metadata

    /// The line, with its line end.
    func text(_ format: LogFormat, time: String) -> String {
        switch format {
        case .text: "\(time) \(level.rawValue) \(label): \(words)\n"
        case .journal: "<\(priority)>\(words)\n"
        case .json: json(time)
        }
    }

    private var words: String {
        ([message.printable] + metadata.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.value("\($0.value)"))" }).joined(
            separator: " ")
    }

    /// The level's number in syslog(3).
    private var priority: Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    private func json(_ time: String) -> String {
        // The line's own members win.
        var members = metadata.mapValues { "\($0)" }
        members.merge(["time": time, "level": level.rawValue, "logger": label, "message": message]) { $1 }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(members) else { return "" }
        return String(decoding: data, as: UTF8.self).printableJSON + "\n"
    }

    /// A value, in quotes unless it is one word.
    private static func value(_ text: String) -> String {
        let isWord = !text.isEmpty && text.unicodeScalars.allSatisfy { !" \"=\\".unicodeScalars.contains($0) && $0.isPrintable }
        return isWord ? text : "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").printable)\""
    }
}
