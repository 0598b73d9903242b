public import Jobs

/// Times that follow the clock; see `DispatchStore`.
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
            try Pace.change(database) { $0.shift(by: step) }
            try database.run(
                "UPDATE deliveries SET next_attempt_at = next_attempt_at + ?", [(Timestamp.epoch + step).milliseconds])
            try database.run("UPDATE dispatcher SET heartbeat_at = heartbeat_at + ?", [step.millisecondsRoundedUp])
            for var row in try Self.rowsAhead(database) {
                for index in row.job.submissions.indices { row.job.submissions[index].shift(by: step) }
                try row.update(database)
            }
        }
    }

    /// Brings back every time that lies further ahead than any rule can have put it, except those of the pace. Returns how many did.
    func boundTimes(at now: Timestamp, _ database: Database) throws -> Int {
        var count = 0
        for var row in try Self.rowsAhead(database) {
            for index in row.job.submissions.indices { count += row.job.submissions[index].bound(at: now, rules: rules) }
            try row.update(database)
        }
        for (table, pause) in [("deliveries", WebhookDelivery.longestPause), ("pictures", Picture.longestPause)] {
            let latest = (now + pause).milliseconds
            try database.run("UPDATE \(table) SET next_attempt_at = ? WHERE next_attempt_at > ?", [latest, latest])
            count += database.changesCount
        }
        return count
    }

    /// The jobs with times that lie ahead: under way at Krea, or waiting for another attempt.
    private static func rowsAhead(_ database: Database) throws -> [JobRow] {
        let underWay = """
            SELECT job FROM submissions WHERE state IN ('submitting', 'unconfirmed', 'running')
            UNION SELECT job FROM submissions WHERE state = 'waiting' AND not_before IS NOT NULL
            UNION SELECT job FROM submissions WHERE next_refresh_at IS NOT NULL
            """
        return try JobRow.fetchAll(database, where: "jobs.seq IN (\(underWay))")
    }
}
