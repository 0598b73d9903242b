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
            try database.run("UPDATE dispatcher SET heartbeat_at = heartbeat_at + ?", [step.millisecondsRoundedUp])
            for var row in try Self.rowsAhead(database) {
                for index in row.job.submissions.indices { row.job.submissions[index].shift(by: step) }
                try row.update(database)
            }
        }
    }

    /// Brings back every time that lies further ahead than any rule can have put it, but for those of the pace. Returns how many did.
    func boundTimes(at now: Timestamp, _ database: Database) throws -> Int {
        var count = 0
        for var row in try Self.rowsAhead(database) {
            for index in row.job.submissions.indices { count += row.job.submissions[index].bound(at: now, rules: rules) }
            try row.update(database)
        }
        for (table, pause) in [("announcements", WebhookDelivery.longestPause), ("pictures", Picture.longestPause)] {
            let latest = (now + pause).milliseconds
            try database.run("UPDATE \(table) SET next_attempt_at = ? WHERE next_attempt_at > ?", [latest, latest])
            count += database.changesCount
        }
        return count
    }

    /// The jobs of which something is ahead: what is under way at Krea, and what waits for another attempt.
    private static func rowsAhead(_ database: Database) throws -> [JobRow] {
        let underWay = """
            SELECT job FROM submissions WHERE state IN ('submitting', 'unconfirmed', 'running')
            UNION SELECT job FROM submissions WHERE state = 'waiting' AND not_before IS NOT NULL
            UNION SELECT job FROM submissions WHERE next_refresh_at IS NOT NULL
            """
        return try JobRow.fetchAll(database, where: "jobs.seq IN (\(underWay))")
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
    @discardableResult
    public func release(isOperator: Bool, at now: Timestamp) throws -> [EndedHold] {
        try change { database in
            var pace = try Pace(database)
            let ahead = isOperator ? try pace.bound(at: now, rules: rules) + boundTimes(at: now, database) : 0
            let ended = pace.release(isOperator: isOperator, at: now, rules: rules)
            try pace.update(database)
            return ended + (ahead > 0 ? [.timesAhead(ahead)] : [])
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
