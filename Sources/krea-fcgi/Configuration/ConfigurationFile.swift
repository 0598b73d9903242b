import FoundationEssentials
import Glibc

/// The configuration file: a setting a line, by the name of its environment variable, so that a setting has one name everywhere.
///
///     # a comment
///     KREA_FCGI_THREADS = 16
///
/// White space around a name and a value does not count; a value may stand in quotes. A name that is no setting, or comes twice, is an
/// error: a setting that was mistyped would else silently be the default.
///
/// There may be secrets in it, so it prints as "(hidden)".
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

    /// Reads the text of a file. Throws ``InvalidSetting`` for the first line that is wrong; it never quotes a value.
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
    /// - Returns: Nil when there is none, or the standard one lies in a folder that is closed to the service.
    /// - Throws: ``InvalidSetting`` when it cannot be read, others than its owner may write it, or a line is wrong.
    static func read(_ path: String, names: Set<String>) throws(InvalidSetting) -> ConfigurationFile? {
        // Without waiting: a named pipe would keep the service from starting.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let code = errno
            var status = stat()
            // The standard one was not asked for: in a folder that is closed to the service it counts as absent.
            let isHidden = code == EACCES && path == standardPath && stat(path, &status) != 0
            if code == ENOENT || isHidden { return nil }
            throw InvalidSetting(description: "The configuration file \(path) cannot be read: \(String(cString: strerror(code))).")
        }
        let file = FileReader(descriptor)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw InvalidSetting(description: "The configuration file \(path) is not a file.")
        }
        guard status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw InvalidSetting(
                description: "The configuration file \(path) may be written by others than its owner: run chmod go-w on it.")
        }
        guard let bytes = file.all(upTo: 1 << 20), let text = String(validating: bytes, as: UTF8.self) else {
            throw InvalidSetting(description: "The configuration file \(path) cannot be read, is larger than 1 MiB or is not UTF-8.")
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
