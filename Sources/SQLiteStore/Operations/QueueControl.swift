public import Jobs

/// What the operator's commands need; see `OperatorStore`.
extension SQLiteStore {
    /// Lets nothing be submitted.
    public func pause(because words: String) throws {
        try change { database in
            try Pace.change(database) { $0.pause(because: words) }
        }
    }

    /// Lets the queue go on.
    @discardableResult
    public func release(isOperator: Bool, at now: Timestamp) throws -> [EndedHold] {
        try change { database in
            try Pace.change(database) { pace in
                let ahead = isOperator ? try pace.bound(at: now, rules: rules) + boundTimes(at: now, database) : 0
                let ended = pace.release(isOperator: isOperator, at: now, rules: rules)
                return ended + (ahead > 0 ? [.timesAhead(ahead)] : [])
            }
        }
    }

    /// The calls to Krea with a number above `id`.
    public func calls(after id: Int64, limit: Int) throws -> [Call] {
        try read { database in
            try database.all("SELECT \(Call.selection) FROM calls WHERE id > ? ORDER BY id LIMIT ?", [id, limit]) { try Call(&$0) }
        }
    }
}
