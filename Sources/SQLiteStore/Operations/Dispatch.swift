public import Jobs

/// What the dispatcher needs; see `DispatchStore`.
extension SQLiteStore {
    /// Makes the caller the dispatcher.
    public func takeOver(at now: Timestamp) throws -> Int {
        try change { database in
            try database.run("UPDATE dispatcher SET epoch = epoch + 1, heartbeat_at = ?", [now.milliseconds])
            var pace = try Pace(database)
            pace.takeOver(rules: rules)
            _ = pace.bound(at: now, rules: rules)
            try pace.update(database)
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

    /// Takes the right to make the first submission that waits.
    public func claimSubmit(by epoch: Int, at now: Timestamp, webhookKey: WebhookKey?) throws -> Claim {
        try claim(.submit, by: epoch, at: now, first: Self.nextWaiting, [now.milliseconds, now.milliseconds]) { submission, pace in
            pace.submitAllowedAt.map { max($0, submission.notBefore ?? $0) }
        } grant: { job, part, pace, database in
            let right = try job.claimForSubmit(
                part, at: now, by: epoch, catalogue: catalogue(database), budget: budget(at: now, database), webhookKey: webhookKey)
            pace.claimSubmit(right, at: now, rules: rules)
            return right
        }
    }

    /// The submission that is to be made next: of those whose time has come the first by its place in the queue, but while answers are lost in
    /// a row one of a client that lost none of them goes before (``Pace/latestLosses``). When the time of none has come, the one whose time
    /// comes first. Its two parameters are the present time.
    private static let nextWaiting = """
        seq = coalesce((SELECT seq FROM (
            SELECT * FROM (
                SELECT job AS place, job, part, seq FROM submissions WHERE state = 'waiting' AND not_before IS NULL AND \(isOfAnother)
                ORDER BY job, part LIMIT 1)
            UNION ALL SELECT * FROM (
                SELECT place, job, part, seq FROM submissions
                WHERE state = 'waiting' AND not_before IS NOT NULL AND not_before <= ? AND \(isOfAnother) ORDER BY place, job, part LIMIT 1)
        ) ORDER BY place, job, part LIMIT 1), (SELECT seq FROM (
            SELECT * FROM (
                SELECT 0 AS early, job AS place, job, part, seq FROM submissions WHERE state = 'waiting' AND not_before IS NULL
                ORDER BY job, part LIMIT 1)
            UNION ALL SELECT * FROM (
                SELECT max(not_before - ?, 0) AS early, place, job, part, seq FROM submissions
                WHERE state = 'waiting' AND not_before IS NOT NULL ORDER BY early, place, job, part LIMIT 1)
        ) ORDER BY early, place, job, part LIMIT 1))
        """

    /// Whether the client of a submission is none of those whose answers were lost in the present row: the latest that the ledger has.
    private static let isOfAnother = """
        (SELECT client FROM jobs WHERE jobs.seq = submissions.job) NOT IN (
            SELECT client FROM jobs WHERE id IN (
                SELECT job FROM calls WHERE kind = 'submit' AND outcome = 'lost' ORDER BY id DESC
                LIMIT (SELECT min(lost_submits, \(Pace.mostLatestLosses)) FROM pace)))
        """

    /// Records how a claimed submission ended.
    @discardableResult
    public func recordSubmit(_ outcome: SubmitOutcome, for call: Call, at now: Timestamp) throws -> Job {
        let outcome = try read { database in try outcome.checked { try Self.isKnown($0, database) } }
        return try record(outcome.word, for: call, at: now) { job, pace, database in
            let known = try catalogue(database)
            var catalogue = known
            let isFirstAttempt = job[call.part].failedAttempts == 0
            try job.recordSubmit(outcome, of: call.part, at: now, rules: rules, catalogue: &catalogue)
            if catalogue != known { try catalogue.update(database) }
            pace.recordSubmit(outcome, isFirstAttempt: isFirstAttempt, at: now, rules: rules)
        }
    }

    /// Takes the right to ask Krea once for a submission.
    public func claimPoll(by epoch: Int, at now: Timestamp) throws -> Claim {
        try claim(.poll, by: epoch, at: now, first: Self.firstToPoll) { submission, pace in
            submission.pollDueAt.flatMap(pace.callAllowedAt)
        } grant: { job, part, _, _ in
            try job[part].claimForPoll(at: now, rules: rules) ? .granted : .ended
        }
    }

    /// Records how a claimed poll ended.
    @discardableResult
    public func recordPoll(_ outcome: PollOutcome, for call: Call, at now: Timestamp) throws -> Job {
        try record(outcome.word, for: call, at: now) { job, pace, _ in
            try job[call.part].recordPoll(outcome, at: now, rules: rules)
            pace.recordPoll(outcome, at: now, rules: rules)
        }
    }

    /// The submission whose ``Submission/pollDueAt`` is the earliest, found by an index for each of the two kinds.
    private static let firstToPoll = """
        seq = (
            SELECT seq FROM (
                SELECT * FROM (SELECT seq, next_poll_at AS due FROM submissions WHERE state = 'running' ORDER BY next_poll_at LIMIT 1)
                UNION ALL
                SELECT * FROM (
                    SELECT seq, next_refresh_at FROM submissions WHERE next_refresh_at IS NOT NULL ORDER BY next_refresh_at LIMIT 1)
            ) ORDER BY due LIMIT 1)
        """

    /// Takes the right to tell Krea once to cancel a submission.
    public func claimCancel(by epoch: Int, at now: Timestamp) throws -> Claim {
        try claim(.cancel, by: epoch, at: now, first: "next_cancel_at IS NOT NULL ORDER BY next_cancel_at") { submission, pace in
            submission.nextCancelAt.flatMap(pace.callAllowedAt)
        } grant: { job, part, _, _ in
            job[part].claimForCancel(at: now, rules: rules)
            return .granted
        }
    }

    /// Records how a claimed cancellation ended.
    @discardableResult
    public func recordCancel(_ outcome: CancelOutcome, for call: Call, at now: Timestamp) throws -> Job {
        try record(outcome.word, for: call, at: now) { job, pace, _ in
            try job[call.part].recordCancel(outcome, at: now, rules: rules)
            pace.recordCancel(outcome, at: now, rules: rules)
        }
    }

    /// Takes the right to ask Krea once for the account's list.
    public func claimList(by epoch: Int, at now: Timestamp) throws -> Claim {
        try claim(.list, by: epoch, at: now, first: "state = 'unconfirmed' ORDER BY seq") { _, pace in
            pace.callAllowedAt(pace.nextListAt)
        } grant: { _, _, pace, _ in
            pace.claimList(at: now, rules: rules)
            return .granted
        }
    }

    /// Records what Krea's list tells about every submission whose answer was lost.
    public func recordList(_ outcome: ListOutcome, for call: Call, at now: Timestamp, isGone: (Int) -> Bool) throws -> Reconciliation {
        try change { database in
            try Self.check(call.epoch, database)
            var pace = try Pace(database)
            let isReachable = pace.unanswered == nil
            let lastInQueue = try Int64.first(database, "SELECT max(seq) FROM jobs") ?? 0
            var reconciliation = Reconciliation()
            for var row in try Self.rows(.unconfirmed, database) {
                let hasChanged = try reconciliation.settle(
                    &row.job, by: outcome, for: call, at: now, rules: rules, isReachable: isReachable, behind: lastInQueue, pace: &pace,
                    isGone: isGone
                ) { id in
                    try Self.isKnown(id, database)
                }
                // Before the next job is looked at: what was found for one is not there for another.
                if hasChanged { try row.update(database) }
            }
            pace.recordList(outcome, isUndecided: reconciliation.isUndecided, at: now, rules: rules)
            try pace.update(database)
            try call.complete(reconciliation.goesOn ? Call.page : outcome.word, at: now, database)
            return reconciliation
        }
    }

    /// Moves submissions that were interrupted to `unconfirmed`.
    public func recoverInterruptedSubmits(at now: Timestamp, isGone: (Int) -> Bool) throws -> Timestamp? {
        try write { database in
            try Self.rows(.submitting, database).compactMap { row -> Timestamp? in
                var row = row
                let next = try row.job.recoverInterruptedSubmits(at: now, rules: rules, isGone: isGone)
                try row.update(database)
                return next
            }.min()
        }
    }

    /// Grants the first call of a kind that is allowed now. One that `grant` does not want to be made any more gives way to the next.
    private func claim(
        _ kind: Call.Kind, by epoch: Int, at now: Timestamp, first condition: String, _ arguments: [any ColumnConvertible] = [],
        allowedAt: (Submission, Pace) -> Timestamp?, grant: (inout Job, _ part: Int, inout Pace, Database) throws -> CallPermission
    ) throws -> Claim {
        // What is not granted has ended instead, and that may have to be told.
        var hasEnded = false
        defer { if hasEnded { tellObservers() } }
        return try write { database in
            try Self.check(epoch, database)
            let sql = "SELECT job, part, \(Submission.selection) FROM submissions WHERE \(condition) LIMIT 1"
            let first = { try database.first(sql, arguments) { ($0.next() as Int64, $0.next() as Int, try Submission(&$0)) } }
            while let (job, part, submission) = try first() {
                var pace = try Pace(database)
                // Mostly it is too early, and then the rest of the job does not matter.
                guard let moment = allowedAt(submission, pace) else { return .nothing }
                guard now >= moment else { return .notBefore(moment) }
                guard var row = try JobRow.fetchOne(database, where: "jobs.seq = ?", arguments: [job]) else { break }
                let former = pace
                let right = try grant(&row.job, part, &pace, database)
                try row.update(database)
                if pace != former { try pace.update(database) }
                guard right == .granted else {
                    hasEnded = hasEnded || right == .ended
                    continue
                }
                let call = try Call.insert(
                    kind, epoch: epoch, job: row.job.id, part: part, pollRound: row.job[part].pollRound, at: now, database)
                return .granted(call, row.job)
            }
            return .nothing
        }
    }

    private func record(
        _ outcome: String, for call: Call, at now: Timestamp, _ body: (inout Job, inout Pace, Database) throws -> Void
    ) throws -> Job {
        let (job, concernsAll) = try write { database in
            try Self.check(call.epoch, database)
            var row = try Self.existingRow(call.job, database)
            var pace = try Pace(database)
            let (part, former) = (row.job[call.part], pace)
            try body(&row.job, &pace, database)
            try row.update(database)
            if pace != former { try pace.update(database) }
            try call.complete(outcome, at: now, database)
            // Most polls bring nothing to do for anybody but whoever polls, who knows of it.
            let now = row.job[call.part]
            return (row.job, call.kind != .poll || now.state != part.state || now.urls != part.urls || pace != former)
        }
        if concernsAll { tellObservers() }
        return job
    }

    /// Whether an ID of Krea's belongs to a submission.
    private static func isKnown(_ id: String, _ database: Database) throws -> Bool {
        try Bool.first(database, "SELECT true FROM submissions WHERE krea_id = ?", [id]) ?? false
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

    /// All jobs with a submission in this state, in the order of the queue.
    static func rows(_ state: JobState, _ database: Database) throws -> [JobRow] {
        // Written out, not bound: SQLite takes a partial index only for a state that it can see.
        try JobRow.fetchAll(database, where: "jobs.seq IN (SELECT job FROM submissions WHERE state = '\(state.rawValue)')")
    }
}
