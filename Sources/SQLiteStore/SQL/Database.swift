import CSQLite

/// A connection to a file, for one thread at a time.
final class Database {
    /// SQLite's own handle.
    let sqliteConnection: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]

    /// How a file is opened.
    struct Options: Sendable {
        /// Nothing is written; the file must be there.
        var isReadOnly = false
        /// How long to wait for a lock that another connection holds.
        var busyTimeout: Duration = .zero
        /// SQL that is run as soon as it is open.
        var preparation = ""
    }

    /// Opens the file, made if it is not there; an empty path is a database in memory.
    init(path: String, _ options: Options) throws(DatabaseError) {
        var connection: OpaquePointer?
        let access = options.isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let code = sqlite3_open_v2(path.isEmpty ? ":memory:" : path, &connection, access | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let connection else {
            let message = connection.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory"
            sqlite3_close_v2(connection)
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: "\(message): \(path)")
        }
        sqliteConnection = connection
        sqlite3_extended_result_codes(connection, 1)
        sqlite3_busy_timeout(connection, Int32(clamping: Int64(options.busyTimeout / .milliseconds(1))))
        csqlite_refuse_double_quoted_text(connection)
        try execute(sql: "PRAGMA foreign_keys = ON")
        if !options.preparation.isEmpty { try execute(sql: options.preparation) }
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(sqliteConnection)
    }

    /// Whether a transaction is open.
    var isInsideTransaction: Bool { sqlite3_get_autocommit(sqliteConnection) == 0 }

    /// How many rows the last statement has changed.
    var changesCount: Int { Int(sqlite3_changes(sqliteConnection)) }

    /// The key of the row that was inserted last.
    var lastInsertedRowID: Int64 { sqlite3_last_insert_rowid(sqliteConnection) }

    /// Whether there is a table with this name.
    func tableExists(_ name: String) throws -> Bool {
        try Int.first(self, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", [name]) == 1
    }

    /// Runs statements whose rows, if any, do not matter.
    func execute(sql: String) throws(DatabaseError) {
        try check(sqlite3_exec(sqliteConnection, sql, nil, nil, nil), sql)
    }

    /// The compiled statement, which belongs to the connection. Compiled when it is first asked for.
    func statement(_ sql: String) throws(DatabaseError) -> OpaquePointer {
        if let statement = statements[sql] { return statement }
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v3(sqliteConnection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil), sql)
        guard let statement else { throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "no statement", sql: sql) }
        statements[sql] = statement
        return statement
    }

    /// Throws the error of a code that is not `SQLITE_OK`.
    func check(_ code: Int32, _ sql: String? = nil) throws(DatabaseError) {
        guard code != SQLITE_OK else { return }
        throw DatabaseError(resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(sqliteConnection)), sql: sql)
    }
}
