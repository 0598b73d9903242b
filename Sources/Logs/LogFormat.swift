// Formats log lines for the journal, for people or as JSON, and writes them. This module must not know what is logged.
// Another format is a case of `LogFormat` and a function of `LogLine`.

import Glibc
import Logging

/// The form of a log line.
public enum LogFormat: String, Sendable, CaseIterable {
    /// Time, level, logger, message, and metadata as `name=value`.
    case text
    /// Text for systemd's journal, which adds time and name itself. The level comes first as `<6>` (sd-daemon(3)).
    case journal
    /// One JSON object a line.
    case json

    /// `journal` if `descriptor` leads to the journal, else `text`.
    ///
    /// `JOURNAL_STREAM` holds the device and inode of the socket that systemd made (systemd.exec(5)). A process whose output was redirected
    /// inherits the variable, but not the socket.
    public init(environment: [String: String], descriptor: Int32) {
        let numbers = (environment["JOURNAL_STREAM"] ?? "").split(separator: ":").map { UInt64($0) }
        var status = stat()
        let isJournal =
            numbers.count == 2 && fstat(descriptor, &status) == 0 && numbers[0] == UInt64(status.st_dev)
            && numbers[1] == UInt64(status.st_ino)
        self = isJournal ? .journal : .text
    }
}
