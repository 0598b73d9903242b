import GRDB
public import Jobs

/// What the dispatcher needs; see `DispatchStore`.
extension SQLiteStore {
    /// Makes the caller the dispatcher.
    public func takeOver(at now: Timestamp) throws -> Int {
        try change { database in
            try database.execute(sql: "UPDATE dispatcher SET epoch = epoch + 1, heartbeat_at = ?", arguments: [now.milliseconds])
            var pace = try Pace(database)
            pace.isTokenRefused = false
            try pace.update(database)
            return try Self.epoch(database)
        }
    }

    /// Says that the dispatcher of this epoch is alive.
    public func heartbeat(_ epoch: Int, at now: Timestamp) throws {
        try write { database in
            try Self.check(epoch, database)
            try database.execute(sql: "UPDATE dispatcher SET heartbeat_at = ?", arguments: [now.milliseconds])
        }
    }

    /// The latest dispatcher.
    public func latestTerm() throws -> Term {
        try read { database in
            let row = try Row.fetchOne(database, sql: "SELECT epoch, heartbeat_at FROM dispatcher")
            return Term(epoch: row?["epoch"] ?? 0, heartbeatAt: Timestamp(milliseconds: row?["heartbeat_at"] ?? 0))
        }
    }

    /// Takes the right to submit the first waiting job.
    public func claimSubmit(by epoch: Int, at now: Timestamp) throws -> Claim {
        try claim(.submit, by: epoch, at: now, first: "state = 'waiting' ORDER BY submissions.seq") { _, pace in
            pace.submitAllowedAt
        } grant: { submission, pace in
            try submission.claimForSubmit(at: now, by: epoch)
            pace.claimSubmit(at: now, rules: rules)
            return true
        }
    }

    /// Records how a claimed submission ended.
    @discardableResult
    public func recordSubmit(_ outcome: SubmitOutcome, for call: Call, at now: Timestamp) throws -> Job {
        try record(outcome.word, for: call, at: now) { submission, pace in
            try submission.recordSubmit(outcome, at: now, rules: rules)
            pace.recordSubmit(outcome, at: now, rules: rules)
        }
    }

    /// Takes the right to ask Krea once for a job.
    public func claimPoll(by epoch: Int, at now: Timestamp) throws -> Claim {
        try claim(.poll, by: epoch, at: now, first: "state = 'running' ORDER BY next_poll_at") { submission, pace in
            submission.nextPollAt.flatMap(pace.callAllowedAt)
        } grant: { submission, _ in
            try submission.claimForPoll(at: now, rules: rules)
        }
    }

    /// Records how a claimed poll ended.
    @discardableResult
    public func recordPoll(_ outcome: PollOutcome, for call: Call, at now: Timestamp) throws -> Job {
        try record(outcome.word, for: call, at: now) { submission, pace in
            try submission.recordPoll(outcome, at: now, rules: rules)
            pace.recordPoll(outcome, at: now, rules: rules)
        }
    }

    /// Takes the right to tell Krea once to cancel a job.
    public func claimCancel(by epoch: Int, at now: Timestamp) throws -> Claim {
        try claim(.cancel, by: epoch, at: now, first: "next_cancel_at IS NOT NULL ORDER BY next_cancel_at") { submission, pace in
            submission.nextCancelAt.flatMap(pace.callAllowedAt)
        } grant: { submission, _ in
            submission.claimForCancel(at: now, rules: rules)
            return true
        }
    }

    /// Records how a claimed cancellation ended.
    @discardableResult
    public func recordCancel(_ outcome: CancelOutcome, for call: Call, at now: Timestamp) throws -> Job {
        try record(outcome.word, for: call, at: now) { submission, pace in
            try submission.recordCancel(outcome, at: now, rules: rules)
            pace.recordCancel(outcome, at: now, rules: rules)
        }
    }

    /// Takes the right to ask Krea once for the account's list.
    public func claimList(by epoch: Int, at now: Timestamp) throws -> Claim {
        try claim(.list, by: epoch, at: now, first: "state = 'unconfirmed' ORDER BY submissions.seq") { _, pace in
            pace.callAllowedAt(pace.nextListAt)
        } grant: { _, pace in
            pace.claimList(at: now, rules: rules)
            return true
        }
    }

    /// Records what Krea's list tells about every job whose answer was lost.
    public func recordList(_ outcome: ListOutcome, for call: Call, at now: Timestamp, isGone: (Int) -> Bool) throws -> [Job] {
        try change { database in
            try Self.check(call.epoch, database)
            try call.complete(outcome.word, at: now, database)
            var pace = try Pace(database)
            pace.recordList(outcome, at: now, rules: rules)
            try pace.update(database)
            guard case .answered(let list) = outcome else { return [] }
            return try Self.rows(.unconfirmed, database).compactMap { row in
                var row = row
                guard let startedAt = row.job.submission.startedAt, let lostAt = row.job.submission.lostAt else { return nil }
                let verdict = try Verdict(
                    startedAt: startedAt, lostAt: lostAt, in: list, askedAt: call.startedAt, receivedAt: now, rules: rules
                ) { id in
                    try Bool.fetchOne(database, sql: "SELECT true FROM submissions WHERE krea_id = ?", arguments: [id]) ?? false
                }
                let mayResend = row.job.submission.epoch == call.epoch || isGone(row.job.submission.epoch)
                guard try row.job.submission.settle(verdict, mayResend: mayResend, at: now, rules: rules) else { return nil }
                try row.update(database)
                return row.job
            }
        }
    }

    /// Moves jobs whose submission was interrupted to `unconfirmed`.
    public func recoverInterruptedSubmits(at now: Timestamp, isGone: (Int) -> Bool) throws -> Timestamp? {
        try write { database in
            try Self.rows(.submitting, database).compactMap { row -> Timestamp? in
                guard let moment = row.job.submission.interruptedFrom(rules) else { return nil }
                guard isGone(row.job.submission.epoch) || now >= moment else { return moment }
                var row = row
                try row.job.submission.recoverInterruptedSubmit(at: now, rules: rules)
                try row.update(database)
                return nil
            }.min()
        }
    }

    /// Grants the first call of a kind that is allowed now. One that `grant` does not want to be made any more gives way to the next.
    private func claim(
        _ kind: Call.Kind, by epoch: Int, at now: Timestamp, first condition: String,
        allowedAt: (Submission, Pace) -> Timestamp?, grant: (inout Submission, inout Pace) throws -> Bool
    ) throws -> Claim {
        try write { database in
            try Self.check(epoch, database)
            while var row = try JobRow.fetchOne(database, sql: "\(JobRow.selection) WHERE \(condition) LIMIT 1") {
                var pace = try Pace(database)
                guard let moment = allowedAt(row.job.submission, pace) else { return .nothing }
                guard now >= moment else { return .notBefore(moment) }
                let isWanted = try grant(&row.job.submission, &pace)
                try row.update(database)
                try pace.update(database)
                if isWanted { return .granted(try Call.insert(kind, epoch: epoch, for: row.job, at: now, database), row.job) }
            }
            return .nothing
        }
    }

    private func record(
        _ outcome: String, for call: Call, at now: Timestamp, _ body: (inout Submission, inout Pace) throws -> Void
    ) throws -> Job {
        try change { database in
            try Self.check(call.epoch, database)
            var row = try Self.existingRow(call.job, database)
            var pace = try Pace(database)
            try body(&row.job.submission, &pace)
            try row.update(database)
            try pace.update(database)
            try call.complete(outcome, at: now, database)
            return row.job
        }
    }

    private static func check(_ epoch: Int, _ database: Database) throws {
        guard try Self.epoch(database) == epoch else { throw Superseded() }
    }

    private static func epoch(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT epoch FROM dispatcher") ?? 0
    }

    /// All jobs in a state, in the order of the queue.
    static func rows(_ state: JobState, _ database: Database) throws -> [JobRow] {
        // Written out, not bound: SQLite takes a partial index only for a state that it can see.
        try JobRow.fetchAll(database, sql: "\(JobRow.selection) WHERE state = '\(state.rawValue)' ORDER BY submissions.seq")
    }
}
