import FoundationEssentials
import Logging

/// One line of the log, whatever is in it: a text with line breaks or control characters cannot look like a second line, nor steer a
/// terminal.
struct LogLine {
    let level: Logger.Level
    let label: String
    let message: String
    let metadata: Logger.Metadata

    /// The line with its end.
    func text(_ format: LogFormat, time: String) -> String {
        switch format {
        case .text: "\(time) \(level.rawValue) \(label): \(words)\n"
        case .journal: "<\(priority)>\(words)\n"
        case .json: json(time)
        }
    }

    private var words: String {
        ([Self.escaped(message)] + metadata.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.value("\($0.value)"))" }).joined(
            separator: " ")
    }

    /// syslog(3)'s number for the level.
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
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    /// A value as it is if it is one word, else in quotes.
    private static func value(_ text: String) -> String {
        let isWord = !text.isEmpty && text.unicodeScalars.allSatisfy { !" \"=\\".unicodeScalars.contains($0) && !steers($0) }
        return isWord ? text : "\"\(escaped(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")))\""
    }

    private static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: steers) else { return text }
        return text.unicodeScalars.map { scalar in
            switch scalar {
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            default: steers(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
            }
        }.joined()
    }

    private static func steers(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }
}
