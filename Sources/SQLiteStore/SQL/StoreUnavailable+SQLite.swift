import Jobs

extension StoreUnavailable {
    /// An error of SQLite that may go away by itself (sqlite.org/rescode.html); nil for any other.
    init?(_ error: DatabaseError) {
        let kind: Kind? =
            switch error.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
            case .SQLITE_FULL: .full
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_IOERR: .unusable
            default: nil
            }
        guard let kind else { return nil }
        self.init(kind, error.description)
    }

    /// Runs `body`, with errors of SQLite that may go away turned into ``StoreUnavailable``.
    static func telling<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as DatabaseError { throw StoreUnavailable(error) ?? error as any Error }
    }
}
