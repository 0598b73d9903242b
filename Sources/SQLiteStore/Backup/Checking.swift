public import Jobs

/// What the operator's check of the token needs: it is a call to Krea like all others, and passes the same row.
extension SQLiteStore {
    /// Takes the right to ask once for the account's list, whether or not a dispatcher is there, and whether or not it was told that the
    /// token is refused.
    ///
    /// - Returns: The call; or the moment before which it may not be made.
    public func claimCheck(at now: Timestamp) throws -> (call: Call?, notBefore: Timestamp) {
        try write { database in
            var pace = try Pace(database)
            let moment = max(pace.nextListAt, pace.silentUntil)
            guard now >= moment else { return (nil, moment) }
            pace.claimList(at: now, rules: rules)
            try pace.update(database)
            return (try Call.insert(.list, epoch: Self.epoch(database), job: .none, at: now, database), moment)
        }
    }

    /// Records how the check ended.
    public func recordCheck(_ outcome: ListOutcome, for call: Call, at now: Timestamp) throws {
        try change { database in
            var pace = try Pace(database)
            pace.recordCheck(outcome, at: now, rules: rules)
            try pace.update(database)
            // A check proves nothing about jobs whose answer was lost; the audit shall not take it for a list that does.
            let word = if case .answered = outcome { "checked" } else { outcome.word }
            try call.complete(word, at: now, database)
        }
    }
}
