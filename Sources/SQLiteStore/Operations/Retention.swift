public import Jobs

/// What keeps the store small over the years; see `DispatchStore`.
extension SQLiteStore {
    /// Removes what finished before `moment`.
    public func removeFinished(before moment: Timestamp) throws -> Int {
        let removed = try write { database in
            let old = "FROM jobs WHERE finished_at < ? AND client <> ?"
            let arguments: [any ColumnConvertible] = [moment.milliseconds, Client.signed.key]
            try database.run("INSERT OR IGNORE INTO removed_jobs (id) SELECT id \(old)", arguments)
            try database.run("DELETE \(old)", arguments)
            let removed = database.changesCount
            try database.run("DELETE FROM calls WHERE started_at < ?", [moment.milliseconds])
            return removed
        }
        if removed > 0 { tellObservers() }
        return removed
    }
}
