import GRDB
import Synchronization

/// Connections that read, each for one thread at a time.
///
/// They are opened as they are needed, and as many stay open as threads have read at the same moment. What is handed out costs a third of
/// what a reader of GRDB's pool does, which settles each time what it sees.
final class Readers: Sendable {
    private let path: String
    private let configuration: Configuration
    private let idle = Mutex<[DatabaseQueue]>([])

    init(path: String, configuration: Configuration) {
        self.path = path
        self.configuration = {
            var configuration = configuration
            configuration.readonly = true
            // Half a megabyte each, a quarter of what SQLite takes: the system keeps the file's pages for all of them.
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -512") }
            return configuration
        }()
    }

    /// What `body` finds in one transaction: all that it reads is of the same moment.
    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        let connection = try idle.withLock { $0.popLast() } ?? DatabaseQueue(path: path, configuration: configuration)
        defer { idle.withLock { $0.append(connection) } }
        return try connection.unsafeRead { database in
            try database.transaction("DEFERRED") { try body(database) }
        }
    }
}
