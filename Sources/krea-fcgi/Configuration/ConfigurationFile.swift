import FoundationEssentials
import Glibc

/// The configuration file: one setting per line, under the name of its environment variable.
///
///     # a comment
///     KREA_FCGI_THREADS = 16
///
/// White space around names and values is ignored; a value may be in quotes. An unknown or repeated name is an error, because a mistyped setting
/// would otherwise silently keep its default.
///
/// The file may contain secrets: printing this value prints "(hidden)".
struct ConfigurationFile: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    struct Entry: Equatable, Sendable {
        let value: String
        /// Counted from 1.
        let line: Int
    }

    static let variable = "KREA_FCGI_CONFIG"
    static let standardPath = "/etc/krea-fcgi/krea-fcgi.conf"

    let path: String
    let entries: [String: Entry]

    /// Reads the text of a file. Throws ``InvalidSetting`` for the first wrong line, without quoting a value.
    init(path: String, text: String, names: Set<String>) throws(InvalidSetting) {
        var entries: [String: Entry] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = Self.trimmed(line)
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let place = "\(path), line \(index + 1)"
            guard let equals = line.firstIndex(of: "=") else {
                throw InvalidSetting(description: "\(place) must be NAME = value, a comment that starts with #, or empty.")
            }
            let name = String(Self.trimmed(line[..<equals]))
            guard names.contains(name) else {
                throw InvalidSetting(description: "\(place) names \"\(name.prefix(80))\", which is no setting: check-config lists them.")
            }
            if let earlier = entries[name] {
                throw InvalidSetting(description: "\(place) sets \(name) a second time, after line \(earlier.line).")
            }
            entries[name] = Entry(value: Self.unquoted(Self.trimmed(line[line.index(after: equals)...])), line: index + 1)
        }
        self.init(path: path, entries: entries)
    }

    init(path: String, entries: [String: Entry]) {
        self.path = path
        self.entries = entries
    }

    /// Reads the file at a path.
    ///
    /// - Returns: Nil if there is none, or if the standard one lies in a folder that is closed to the service.
    /// - Throws: ``InvalidSetting`` if it cannot be read, others than its owner may write it, or a line is wrong.
    static func read(_ path: String, names: Set<String>) throws(InvalidSetting) -> ConfigurationFile? {
        let text: String
        do throws(OwnedFile.Problem) {
            text = try OwnedFile.text(at: path)
        } catch {
            // No one has named the standard file, so one that is hidden in a closed folder counts as missing.
            var status = stat()
            let isHidden = error.code == EACCES && path == standardPath && stat(path, &status) != 0
            if error.code == ENOENT || isHidden { return nil }
            throw InvalidSetting(description: "The configuration file \(path) \(error.words)")
        }
        return try ConfigurationFile(path: path, text: text, names: names)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }), let last = text.lastIndex(where: { !$0.isWhitespace }) else {
            return ""
        }
        return text[first...last]
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count > 1, let quote = text.first, quote == "\"" || quote == "'", text.last == quote else { return String(text) }
        return String(text.dropFirst().dropLast())
    }

    /// "(hidden)"
    var description: String { "(hidden)" }
    /// "(hidden)"
    var debugDescription: String { description }
    /// Nothing inside.
    var customMirror: Mirror { Mirror(self, children: []) }
}
