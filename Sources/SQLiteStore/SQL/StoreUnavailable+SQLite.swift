import Jobs

extension StoreUnavailable {
    /// What an error of SQLite means for who asks (https://www.sqlite.org/rescode.html); nil for one that will not go away by itself.
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

    /// What `body` returns, with errors of SQLite that may go away told as troubles.
    static func telling<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as DatabaseError { throw StoreUnavailable(error) ?? error as any Error }
    }
}
