public import Jobs

/// The operator's check of the token: a call to Krea like all others, which passes the same pace.
extension SQLiteStore {
    /// Takes the right to ask once for the account's list, also without a dispatcher, and also while the token counts as refused.
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
            // A check proves nothing about lost answers, and the audit must not take it for a list that does.
            let outcome = if case .answered = result { CallOutcome.checked } else { result.outcome(of: .list) }
            try call.complete(outcome, at: now, database)
        }
    }
}
