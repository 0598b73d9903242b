public import Jobs

/// What the dispatcher needs; see `DispatchStore`.
extension SQLiteStore {
    /// Takes the right to make the first submission that waits.
    public func claimSubmit(by epoch: Int, at now: Timestamp, webhookKey: WebhookKey?) throws -> Claim<GrantedCall> {
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
    public func recordSubmit(_ result: CallResult<KreaJob>, for call: Call, at now: Timestamp) throws -> Job {
        let result = try read { database in try result.checked { try Self.isKnown($0, database) } }
        return try record(result.outcome(of: .submit), for: call, at: now) { job, pace, database in
            let known = try catalogue(database)
            var catalogue = known
            let isFirstAttempt = job[call.part].failedAttempts == 0
            try job.recordSubmit(result, of: call.part, at: now, rules: rules, catalogue: &catalogue)
            if catalogue != known { try catalogue.update(database) }
            pace.recordSubmit(result, isFirstAttempt: isFirstAttempt, at: now, rules: rules)
        }
    }

    /// Takes the right to ask Krea once for a submission.
    public func claimPoll(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedCall> {
        try claim(.poll, by: epoch, at: now, first: Self.firstToPoll) { submission, pace in
            submission.pollDueAt.flatMap(pace.callAllowedAt)
        } grant: { job, part, _, _ in
            try job[part].claimForPoll(at: now, rules: rules) ? .granted() : .ended
        }
    }

    /// Records how a claimed poll ended.
    @discardableResult
    public func recordPoll(_ result: CallResult<KreaJob>, for call: Call, at now: Timestamp) throws -> Job {
        try record(result.pollOutcome, for: call, at: now) { job, pace, _ in
            try job[call.part].recordPoll(result, at: now, rules: rules)
            pace.record(result, at: now, rules: rules)
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
    public func claimCancel(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedCall> {
        try claim(.cancel, by: epoch, at: now, first: "next_cancel_at IS NOT NULL ORDER BY next_cancel_at") { submission, pace in
            submission.nextCancelAt.flatMap(pace.callAllowedAt)
        } grant: { job, part, _, _ in
            job[part].claimForCancel(at: now, rules: rules)
            return .granted()
        }
    }

    /// Records how a claimed cancellation ended.
    @discardableResult
    public func recordCancel(_ result: CallResult<Accepted>, for call: Call, at now: Timestamp) throws -> Job {
        try record(result.outcome(of: .cancel), for: call, at: now) { job, pace, _ in
            try job[call.part].recordCancel(result, at: now, rules: rules)
            pace.record(result, at: now, rules: rules)
        }
    }

    /// Takes the right to ask Krea once for the account's list.
    public func claimList(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedCall> {
        try claim(.list, by: epoch, at: now, first: "state = 'unconfirmed' ORDER BY seq") { _, pace in
            pace.callAllowedAt(pace.nextListAt)
        } grant: { _, _, pace, _ in
            pace.claimList(at: now, rules: rules)
            return .granted()
        }
    }

    /// Records what Krea's list tells about every submission whose answer was lost.
    public func recordList(
        _ result: CallResult<AccountList>, for call: Call, at now: Timestamp, isGone: (Int) -> Bool
    ) throws -> Reconciliation {
        try change { database in
            try Self.check(call.epoch, database)
            let lastInQueue = try Int64.first(database, "SELECT max(seq) FROM jobs") ?? 0
            var reconciliation = Reconciliation()
            try Pace.change(database) { pace in
                let isReachable = pace.unanswered == nil
                for var row in try Self.rows(.unconfirmed, database) {
                    let hasChanged = try reconciliation.settle(
                        &row.job, by: result, for: call, at: now, rules: rules, isReachable: isReachable, behind: lastInQueue, pace: &pace,
                        isGone: isGone
                    ) { id in
                        try Self.isKnown(id, database)
                    }
                    // Before the next job: what was found for one is not there for another.
                    if hasChanged { try row.update(database) }
                }
                pace.recordList(result, isUndecided: reconciliation.isUndecided, at: now, rules: rules)
            }
            try call.complete(reconciliation.goesOn ? .page : result.outcome(of: .list), at: now, database)
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

    /// Grants the first call of a kind that is allowed now. A call that `grant` no longer permits gives way to the next.
    private func claim(
        _ kind: Call.Kind, by epoch: Int, at now: Timestamp, first condition: String, _ arguments: [any ColumnConvertible] = [],
        allowedAt: (Submission, Pace) -> Timestamp?, grant: (inout Job, _ part: Int, inout Pace, Database) throws -> CallPermission
    ) throws -> Claim<GrantedCall> {
        // What is not granted has ended instead, and that may have to be told.
        var hasEnded = false
        defer { if hasEnded { tellObservers() } }
        return try write { database in
            try Self.check(epoch, database)
            let sql = "SELECT job, part, \(Submission.selection) FROM submissions WHERE \(condition) LIMIT 1"
            let first = { try database.first(sql, arguments) { ($0.next() as Int64, $0.next() as Int, try Submission(&$0)) } }
            while let (job, part, submission) = try first() {
                // Mostly it is too early, and then the rest of the job does not matter.
                guard let moment = allowedAt(submission, try Pace(database)) else { return .nothing }
                guard now >= moment else { return .notBefore(moment) }
                guard var row = try JobRow.fetchOne(database, where: "jobs.seq = ?", arguments: [job]) else { break }
                let permission = try Pace.change(database) { pace in try grant(&row.job, part, &pace, database) }
                try row.update(database)
                switch permission {
                case .granted(let body):
                    let call = try Call.insert(
                        kind, epoch: epoch, job: row.job.id, part: part, pollRound: row.job[part].pollRound, at: now, database)
                    return .granted(GrantedCall(call, row.job, body: body))
                case .ended: hasEnded = true
                case .held: break
                }
            }
            return .nothing
        }
    }

    private func record(
        _ outcome: CallOutcome, for call: Call, at now: Timestamp, _ body: (inout Job, inout Pace, Database) throws -> Void
    ) throws -> Job {
        let (job, concernsAll) = try write { database in
            try Self.check(call.epoch, database)
            var row = try Self.existingRow(call.job, database)
            let before = row.job[call.part]
            let hasOtherPace = try Pace.change(database) { pace in
                let former = pace
                try body(&row.job, &pace, database)
                return pace != former
            }
            try row.update(database)
            try call.complete(outcome, at: now, database)
            // Most polls give only the Poller something to do, which knows of it.
            let after = row.job[call.part]
            return (row.job, call.kind != .poll || after.state != before.state || after.urls != before.urls || hasOtherPace)
        }
        if concernsAll { tellObservers() }
        return job
    }

    /// Whether an ID of Krea's belongs to a submission.
    private static func isKnown(_ id: String, _ database: Database) throws -> Bool {
        try Bool.first(database, "SELECT true FROM submissions WHERE krea_id = ?", [id]) ?? false
    }

    /// All jobs with a submission in this state, in the order of the queue.
    static func rows(_ state: JobState, _ database: Database) throws -> [JobRow] {
        // Written out, not bound: SQLite takes a partial index only for a state that it can see.
        try JobRow.fetchAll(database, where: "jobs.seq IN (SELECT job FROM submissions WHERE state = '\(state.rawValue)')")
    }
}
