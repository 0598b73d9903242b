import Synchronization

/// Connections that read, each used by one thread at a time.
///
/// A connection is opened when all others are in use, and stays open: there are as many as threads have ever read at the same moment.
final class ReaderPool: Sendable {
    private let path: String
    private let options: Database.Options
    private let idle = Mutex<[DatabaseQueue]>([])

    init(path: String, busyTimeout: Duration) {
        self.path = path
        // Half a megabyte each, a quarter of SQLite's default: the system caches the file for all of them.
        options = Database.Options(isReadOnly: true, busyTimeout: busyTimeout, preparation: "PRAGMA cache_size = -512")
    }

    /// Runs `body` in one transaction: all that it reads is of the same moment.
    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        let connection = try idle.withLock { $0.popLast() } ?? DatabaseQueue(path: path, options: options)
        defer { idle.withLock { $0.append(connection) } }
        return try connection.read(body)
    }
}
