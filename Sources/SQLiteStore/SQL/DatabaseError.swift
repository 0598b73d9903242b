import CSQLite

/// An error of SQLite, or a row that cannot be read. It never contains the values of a statement.
struct DatabaseError: Error, CustomStringConvertible {
    /// The extended code, which has the reason.
    let extendedResultCode: ResultCode
    /// What went wrong, in SQLite's words or ours.
    let message: String?
    private let sql: String?

    init(resultCode: ResultCode = .SQLITE_ERROR, message: String? = nil, sql: String? = nil) {
        extendedResultCode = resultCode
        self.message = message
        self.sql = sql
    }

    /// The code without the reason.
    var resultCode: ResultCode { ResultCode(rawValue: extendedResultCode.rawValue & 0xFF) }

    var description: String {
        "SQLite error \(resultCode.rawValue)" + (message.map { ": \($0)" } ?? "") + (sql.map { " - while executing `\($0)`" } ?? "")
    }
}

/// A code of SQLite's (sqlite.org/rescode.html).
struct ResultCode: RawRepresentable, Hashable, Sendable {
    let rawValue: Int32

    static let SQLITE_ERROR = ResultCode(rawValue: CSQLite.SQLITE_ERROR)
    static let SQLITE_PERM = ResultCode(rawValue: CSQLite.SQLITE_PERM)
    static let SQLITE_BUSY = ResultCode(rawValue: CSQLite.SQLITE_BUSY)
    static let SQLITE_LOCKED = ResultCode(rawValue: CSQLite.SQLITE_LOCKED)
    static let SQLITE_READONLY = ResultCode(rawValue: CSQLite.SQLITE_READONLY)
    static let SQLITE_IOERR = ResultCode(rawValue: CSQLite.SQLITE_IOERR)
    static let SQLITE_FULL = ResultCode(rawValue: CSQLite.SQLITE_FULL)
    static let SQLITE_CANTOPEN = ResultCode(rawValue: CSQLite.SQLITE_CANTOPEN)
    static let SQLITE_CONSTRAINT = ResultCode(rawValue: CSQLite.SQLITE_CONSTRAINT)
    static let SQLITE_MISUSE = ResultCode(rawValue: CSQLite.SQLITE_MISUSE)
    static let SQLITE_CONSTRAINT_UNIQUE = ResultCode(rawValue: CSQLite.SQLITE_CONSTRAINT | 8 << 8)
}
