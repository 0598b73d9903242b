public import Jobs

/// What the operator's check of the token needs: it is a call to Krea like all others, and passes the same row.
extension SQLiteStore {
    /// Takes the right to ask once for the account's list, whether or not a dispatcher is there, and whether or not it was told that the
    /// token is refused.
    public func claimCheck(at now: Timestamp) throws -> Claim<Call> {
        try write { database in
            try Pace.change(database) { pace in
                let moment = max(pace.nextListAt, pace.silentUntil)
                guard now >= moment else { return .notBefore(moment) }
                pace.claimList(at: now, rules: rules)
                return .granted(try Call.insert(.list, epoch: Self.epoch(database), job: .none, at: now, database))
            }
        }
    }

    /// Records how the check ended.
    public func recordCheck(_ result: CallResult<AccountList>, for call: Call, at now: Timestamp) throws {
        try change { database in
            try Pace.change(database) { $0.recordCheck(result, at: now, rules: rules) }
            // A check proves nothing about jobs whose answer was lost; the audit must not take it for a list that does.
            let outcome = if case .answered = result { CallOutcome.checked } else { result.outcome(of: .list) }
            try call.complete(outcome, at: now, database)
        }
    }
}
