public import Jobs

/// What the status needs; see `StatusStore`.
extension SQLiteStore: StatusStore {
    /// How the store is at this moment. Finished jobs are only counted.
    public func overview(at now: Timestamp) throws -> StoreOverview {
        try read { database in
            let underWay: [JobState] = [.waiting, .submitting, .unconfirmed, .running]
            // Written out, not bound: SQLite takes a partial index only for a state that it can see.
            let counts = try underWay.map { state in
                let sql = "SELECT count(*) FROM submissions WHERE state = '\(state.rawValue)'"
                return (state, try Int.first(database, sql) ?? 0)
            }
            let oldest = "SELECT min(created_at) FROM jobs WHERE seq = (SELECT min(job) FROM submissions WHERE state = 'waiting')"
            let retried = "SELECT count(*) FROM submissions WHERE state = 'waiting' AND not_before IS NOT NULL"
            let due = "SELECT count(*) FROM submissions WHERE state = 'running' AND next_poll_at <= ?"
            return StoreOverview(
                submissions: Dictionary(uniqueKeysWithValues: counts),
                retriedSubmissions: try Int.first(database, retried) ?? 0,
                finishedJobs: try Int.first(database, "SELECT count(*) FROM jobs WHERE finished_at IS NOT NULL") ?? 0,
                oldestWaitingSince: try Int64.first(database, oldest).map(Timestamp.init(milliseconds:)),
                duePolls: try Int.first(database, due, [now.milliseconds]) ?? 0,
                pace: try Pace(database),
                term: try Self.latestLeaderTerm(database),
                catalogueReadAt: try catalogue(database).readAt, bytes: bytes(of: ["", "-wal", "-shm"]),
                logBytes: logBytes,
                latestCall: try Int64.first(database, "SELECT max(id) FROM calls") ?? 0,
                spentToday: try spent(at: now, database), spendLimit: limits.daily.spend)
        }
    }

    /// Changes a number that is never read.
    public func proveWritable() throws {
        try write { try $0.execute(sql: "UPDATE write_proof SET number = number + 1") }
    }
}
