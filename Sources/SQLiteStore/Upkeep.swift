import GRDB
public import Jobs

/// What keeps the store right and small over the years; see `DispatchStore`.
extension SQLiteStore {
    /// Moves everything that lies ahead along with the clock.
    public func follow(_ clock: ClockOrigin) throws {
        try change { database in
            let row = try Row.fetchOne(database, sql: "SELECT boot, wall_at_zero FROM dispatcher")
            let known = ClockOrigin(boot: row?["boot"] ?? "", wallAtZero: Timestamp(milliseconds: row?["wall_at_zero"] ?? 0))
            try database.execute(
                sql: "UPDATE dispatcher SET boot = ?, wall_at_zero = ?", arguments: [clock.boot, clock.wallAtZero.milliseconds])
            guard let step = clock.step(since: known) else { return }
            try database.execute(
                sql: "UPDATE pictures SET next_attempt_at = next_attempt_at + ? WHERE next_attempt_at IS NOT NULL",
                arguments: [step.millisecondsRoundedUp])
            var pace = try Pace(database)
            pace.shift(by: step)
            try pace.update(database)
            try database.execute(
                sql: "UPDATE announcements SET next_attempt_at = next_attempt_at + ?", arguments: [(Timestamp.epoch + step).milliseconds])
            let underWay = "SELECT job FROM submissions WHERE state IN ('submitting', 'unconfirmed', 'running')"
            for var row in try JobRow.fetchAll(database, where: "jobs.seq IN (\(underWay))") {
                for index in row.job.submissions.indices { row.job.submissions[index].shift(by: step) }
                try row.update(database)
            }
        }
    }

    /// Lets the queue go on.
    public func release() throws {
        try change { database in
            var pace = try Pace(database)
            pace.release()
            try pace.update(database)
        }
    }

    /// Removes what finished before `moment`.
    public func removeFinished(before moment: Timestamp) throws -> Int {
        let removed = try write { database in
            let old = "FROM jobs WHERE finished_at < ? AND client <> ?"
            let arguments: StatementArguments = [moment.milliseconds, Client.signed.key]
            try database.execute(sql: "INSERT OR IGNORE INTO removed_jobs (id) SELECT id \(old)", arguments: arguments)
            try database.execute(sql: "DELETE \(old)", arguments: arguments)
            let removed = database.changesCount
            try database.execute(sql: "DELETE FROM calls WHERE started_at < ?", arguments: [moment.milliseconds])
            return removed
        }
        if removed > 0 { tellObservers() }
        return removed
    }

    /// The calls to Krea with a number above `id`.
    public func calls(after id: Int64, limit: Int) throws -> [Call] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM calls WHERE id > ? ORDER BY id LIMIT ?", arguments: [id, limit]).map(Call.init)
        }
    }
}
