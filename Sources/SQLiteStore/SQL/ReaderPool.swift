import Synchronization

/// Connections that read, each for one thread at a time.
///
/// They are opened as they are needed, and as many stay open as threads have read at the same moment.
final class ReaderPool: Sendable {
    private let path: String
    private let options: Database.Options
    private let idle = Mutex<[DatabaseQueue]>([])

    init(path: String, busyTimeout: Duration) {
        self.path = path
        // Half a megabyte each, a quarter of what SQLite takes: the system keeps the file's pages for all of them.
        options = Database.Options(isReadOnly: true, busyTimeout: busyTimeout, preparation: "PRAGMA cache_size = -512")
    }

    /// What `body` finds in one transaction: all that it reads is of the same moment.
    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        let connection = try idle.withLock { $0.popLast() } ?? DatabaseQueue(path: path, options: options)
        defer { idle.withLock { $0.append(connection) } }
        return try connection.read(body)
    }
}
