// How log lines look and where they go: for the journal, for people, or as JSON. It must not know what is logged.

import Glibc
import Logging

/// What a line of the log looks like.
public enum LogFormat: String, Sendable, CaseIterable {
    /// Time, level, name, message and what belongs to it as `name=value`.
    case text
    /// The same for systemd's journal, which knows time and name by itself; the level comes first as `<6>` (sd-daemon(3)).
    case journal
    /// One JSON object a line.
    case json

    /// For the journal if it is what `descriptor` leads to, else text.
    ///
    /// `JOURNAL_STREAM` has the device and the inode of the socket that systemd made (systemd.exec(5)). Who has redirected the output
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
