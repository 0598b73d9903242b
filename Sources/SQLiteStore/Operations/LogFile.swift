import CSQLite
import Glibc

/// The write-ahead log beside the store's file: SQLite appends each commit to it, and brings what is in it into the file now and then
/// (sqlite.org/wal.html, section 2.3).
///
/// While a reader is active, what came after it began stays in the log, which grows; and SQLite makes a file that has grown no smaller by
/// itself.
extension SQLiteStore {
    /// How large the log may stay once its content is no longer needed. It is overwritten from its beginning then.
    public static let logLimit = 8 << 20

    /// How many bytes the log has on disk.
    public var logBytes: Int { bytes(of: ["-wal"]) }

    /// Brings into the file what is in the log, as far as no reader needs it there, and empties a log that is larger than `limit`.
    ///
    /// Waits for no reader for longer than a moment, during which nothing can be written: if one stays, the next call may do it.
    public func shrinkLog(to limit: Int = logLimit) throws {
        guard logBytes > limit else { return }
        try writeOutsideTransaction { database in
            // What costs time is done while others read and write. Only if all is in the file then, the log can be emptied.
            let connection = database.sqliteConnection
            var (frames, written): (Int32, Int32) = (0, 0)
            guard sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, &frames, &written) == SQLITE_OK, frames == written
            else { return }
            sqlite3_busy_timeout(connection, Self.patienceMilliseconds)
            defer { sqlite3_busy_timeout(connection, Self.busyMilliseconds) }
            _ = sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        }
    }

    /// How long readers are waited for that are about to end.
    private static let patienceMilliseconds: Int32 = 50

    /// What files that begin with the store's name take on disk.
    func bytes(of endings: [String]) -> Int {
        endings.reduce(0) { sum, ending in
            var status = stat()
            return sum + (stat(path + ending, &status) == 0 ? Int(status.st_size) : 0)
        }
    }
}
