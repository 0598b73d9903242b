public import Jobs

/// Who dispatches; see `DispatchStore`.
extension SQLiteStore {
    /// Makes the caller the dispatcher.
    public func takeOver(at now: Timestamp) throws -> Int {
        try change { database in
            try database.run("UPDATE dispatcher SET epoch = epoch + 1, heartbeat_at = ?", [now.milliseconds])
            try Pace.change(database) { pace in
                pace.takeOver(rules: rules)
                _ = pace.bound(at: now, rules: rules)
            }
            _ = try boundTimes(at: now, database)
            return try Self.epoch(database)
        }
    }

    /// Says that the dispatcher of this epoch is alive.
    public func heartbeat(_ epoch: Int, at now: Timestamp) throws {
        try write { database in
            try Self.check(epoch, database)
            try database.run("UPDATE dispatcher SET heartbeat_at = ?", [now.milliseconds])
        }
    }

    /// The latest dispatcher.
    public func latestLeaderTerm() throws -> LeaderTerm {
        try read { try Self.latestLeaderTerm($0) }
    }

    static func check(_ epoch: Int, _ database: Database) throws {
        guard try Self.epoch(database) == epoch else { throw LeadershipLost() }
    }

    static func latestLeaderTerm(_ database: Database) throws -> LeaderTerm {
        try database.first("SELECT epoch, heartbeat_at FROM dispatcher") { LeaderTerm(epoch: $0.next(), heartbeatAt: $0.knownTime()) }
            ?? LeaderTerm(epoch: 0, heartbeatAt: .epoch)
    }

    static func epoch(_ database: Database) throws -> Int {
        try Int.first(database, "SELECT epoch FROM dispatcher") ?? 0
    }
}
