import CSQLite
import Glibc

/// A connection that threads use one after the other.
final class DatabaseQueue: @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private var database: Database?

    /// Opens the file, made if it is not there; an empty path is a database in memory.
    init(path: String = "", options: Database.Options = Database.Options()) throws(DatabaseError) {
        database = try Database(path: path, options)
        lock = .allocate(capacity: 1)
        pthread_mutex_init(lock, nil)
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    /// Runs `body` outside of any transaction. It must not use the queue itself.
    func writeWithoutTransaction<Result>(_ body: (Database) throws -> Result) throws -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        guard let database else { throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "the connection is closed") }
        return try body(database)
    }

    /// Runs `body` in one transaction that reads.
    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try writeWithoutTransaction { database in try database.transaction("DEFERRED") { try body(database) } }
    }

    /// Runs `body` in one transaction that writes; when it throws, nothing is kept.
    func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try writeWithoutTransaction { database in try database.transaction("IMMEDIATE") { try body(database) } }
    }

    /// Copies the whole database, as it is at one moment, over another one.
    func backup(to other: DatabaseQueue) throws {
        try writeWithoutTransaction { source in
            try other.writeWithoutTransaction { target in
                guard let backup = sqlite3_backup_init(target.sqliteConnection, "main", source.sqliteConnection, "main") else {
                    return try target.check(sqlite3_errcode(target.sqliteConnection))
                }
                let code = sqlite3_backup_step(backup, -1)
                let end = sqlite3_backup_finish(backup)
                try target.check(code == SQLITE_DONE ? end : code)
            }
        }
    }

    /// Closes the connection. The last one to a file folds the log into it.
    func close() {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        database = nil
    }
}
