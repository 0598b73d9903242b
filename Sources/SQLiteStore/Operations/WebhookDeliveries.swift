public import Jobs

/// What telling programs of the end of their jobs needs; see `DeliveryStore`.
extension SQLiteStore {
    /// Takes the right to tell once of a job's end.
    public func claimDelivery(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedDelivery> {
        try write { database in
            try Self.check(epoch, database)
            let first = "SELECT job FROM deliveries WHERE next_attempt_at IS NOT NULL ORDER BY next_attempt_at LIMIT 1"
            while var row = try JobRow.fetchOne(database, where: "jobs.seq = (\(first))") {
                guard let moment = row.job.delivery?.nextAttemptAt else { break }
                guard now >= moment else { return .notBefore(moment) }
                let isWanted = row.job.delivery?.claim(at: now) ?? false
                try row.update(database)
                guard isWanted, let attempt = DeliveryAttempt(of: row.job, by: epoch) else { continue }
                return .granted(GrantedDelivery(attempt, try QueuedJobs.queued(row, database)))
            }
            return .nothing
        }
    }

    /// Records how a claimed attempt ended.
    @discardableResult
    public func recordDelivery(_ outcome: DeliveryOutcome, for attempt: DeliveryAttempt, at now: Timestamp) throws -> Job {
        try change { database in
            try Self.check(attempt.epoch, database)
            var row = try Self.existingRow(attempt.job, database)
            row.job.delivery?.record(outcome, of: attempt, at: now)
            try row.update(database)
            return row.job
        }
    }
}
