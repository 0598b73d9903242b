import GRDB
public import Jobs

/// What keeps the store right and small over the years; see `DispatchStore`.
extension SQLiteStore {
    /// Moves everything that lies ahead along with the clock.
    public func follow(_ clock: ClockOrigin) throws {
        try change { database in
            let known = try database.first("SELECT boot, wall_at_zero FROM dispatcher") { columns in
                ClockOrigin(boot: columns.next(), wallAtZero: columns.knownTime())
            }
            try database.run(
                "UPDATE dispatcher SET boot = ?, wall_at_zero = ?", [clock.boot, clock.wallAtZero.milliseconds])
            guard let step = known.flatMap(clock.step) else { return }
            try database.run(
                "UPDATE pictures SET next_attempt_at = next_attempt_at + ? WHERE next_attempt_at IS NOT NULL",
                [step.millisecondsRoundedUp])
            var pace = try Pace(database)
            pace.shift(by: step)
            try pace.update(database)
            try database.run(
                "UPDATE announcements SET next_attempt_at = next_attempt_at + ?", [(Timestamp.epoch + step).milliseconds])
            let underWay = "SELECT job FROM submissions WHERE state IN ('submitting', 'unconfirmed', 'running')"
            for var row in try JobRow.fetchAll(database, where: "jobs.seq IN (\(underWay))") {
                for index in row.job.submissions.indices { row.job.submissions[index].shift(by: step) }
                try row.update(database)
            }
        }
    }

    /// Lets nothing be submitted.
    public func pause(because words: String) throws {
        try change { database in
            var pace = try Pace(database)
            pace.pause(because: words)
            try pace.update(database)
        }
    }

    /// Lets the queue go on.
    public func release(includingPause: Bool) throws {
        try change { database in
            var pace = try Pace(database)
            pace.release(includingPause: includingPause)
            try pace.update(database)
        }
    }

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

    /// The calls to Krea with a number above `id`.
    public func calls(after id: Int64, limit: Int) throws -> [Call] {
        try read { database in
            try database.all("SELECT \(Call.selection) FROM calls WHERE id > ? ORDER BY id LIMIT ?", [id, limit]) { try Call(&$0) }
        }
    }
}
