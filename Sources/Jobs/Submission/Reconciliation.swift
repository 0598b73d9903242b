/// What Krea's list says about a submission whose answer was lost.
public enum ReconciliationResult: Hashable, Sendable {
    /// Krea has it: this is it.
    case found(KreaJob)
    /// Krea never got it.
    case absent
    /// Several jobs could be it, and it cannot be told which.
    case ambiguous
    /// It is too early to say, or something in the list cannot be judged, or it cannot be read as far back as is needed.
    case open
    /// The next page may tell.
    case further

    /// Looks for a submission whose paid call was made from `startedAt` to `lostAt`, both by our clock.
    ///
    /// Krea's list does not say what a job was made from. So a job can only be the lost one if it was created while the call was being
    /// made, give or take a fifth of the time between two submissions, and if its ID belongs to no submission of ours. A job whose
    /// ID or time cannot be read may be the lost one too. What cannot be read proves nothing.
    ///
    /// | the list reaches back to before the call | jobs that could be it | that cannot be judged | verdict |
    /// |---|---|---|---|
    /// | no | | | further, or open when there is no further page |
    /// | yes | two or more | | ambiguous |
    /// | yes | one or none | any | open |
    /// | yes | one | none | found |
    /// | yes | none | none | absent, if it was asked for long enough after the call and has Krea's time; else open |
    ///
    /// - Parameters:
    ///   - receivedAt: When the latest page came, by our clock; beside Krea's own time it tells how far the clocks are apart.
    ///   - isKnown: Whether an ID of Krea's belongs to a submission of ours.
    public init(
        startedAt: Timestamp, lostAt: Timestamp, in list: AccountList, receivedAt: Timestamp, rules: PaceRules,
        isKnown: (String) throws -> Bool
    ) rethrows {
        let offset = Self.offset(of: list.kreaTime, receivedAt)
        let slack = min(.seconds(2), rules.submitInterval / 5)
        let first = startedAt + offset - slack
        let window = first...max(first, lostAt + offset + slack)
        guard list.reachesBack(to: first) else {
            self = list.nextCursor == nil ? .open : .further
            return
        }
        var candidates: [KreaJob] = []
        var cannotBeJudged = false
        for job in list.jobs(createdIn: window) {
            if let id = job.id, try isKnown(id) { continue }
            if let id = job.id, job.createdAt != nil {
                // How it is getting on, the first poll tells.
                candidates.append(KreaJob(id: id, status: "queued", createdAt: job.createdAt))
            } else {
                cannotBeJudged = true
            }
        }
        if candidates.count > 1 {
            self = .ambiguous
        } else if cannotBeJudged {
            self = .open
        } else if let only = candidates.first {
            self = .found(only)
        } else {
            // Without Krea's time it is not known how far the clocks are apart, and what is missing may only be somewhere else.
            self = list.kreaTime != nil && Self.isProof(list.askedAt, ofCallThatEndedAt: lostAt, rules) ? .absent : .open
        }
    }

    /// The verdict on a call that ended, by the clock of then, long after now by our clock and by Krea's: that clock was wrong, so that no
    /// time of Krea's can be compared with it. Nil for every other.
    static func ofAWrongClock(lostAt: Timestamp, kreaTime: Timestamp?, receivedAt: Timestamp) -> ReconciliationResult? {
        guard let kreaTime, lostAt > max(kreaTime, receivedAt) + .seconds(3600) else { return nil }
        return .ambiguous
    }

    /// Whether a list that was asked for at `askedAt` can prove that the call never arrived.
    static func isProof(_ askedAt: Timestamp, ofCallThatEndedAt lostAt: Timestamp, _ rules: PaceRules) -> Bool {
        askedAt >= lostAt + rules.reconcileAfter
    }

    /// How far Krea's clock is before ours. Its time comes in whole seconds and is as old as the answer's way: what that explains is
    /// no difference.
    private static func offset(of kreaTime: Timestamp?, _ receivedAt: Timestamp) -> Duration {
        guard let kreaTime else { return .zero }
        let difference = kreaTime + .milliseconds(500) - receivedAt
        return (.milliseconds(-2000)...(.milliseconds(1000))).contains(difference) ? .zero : difference
    }
}

extension Submission {
    /// Krea's list has told what became of the lost answer.
    ///
    /// - Parameters:
    ///   - mayResend: Whether it is certain that nothing can still be making the call. Without that, absence proves nothing.
    ///   - isLate: Whether the list was asked for so late that it could have told. One that could not is counted, and the last of
    ///     ``PaceRules/mostUndecidedLooks`` ends the submission: it fails, and is never sent again.
    ///   - lastInQueue: The highest number of a job so far: what never arrived goes behind it; see ``recordAbsence(behind:_:at:rules:)``.
    ///   - pace: Learns that Krea took what is found.
    /// - Returns: Whether anything changed.
    public mutating func settle(
        _ verdict: ReconciliationResult, mayResend: Bool, isLate: Bool, behind lastInQueue: Int64, pace: inout Pace, at now: Timestamp,
        rules: PaceRules
    ) throws -> Bool {
        switch verdict {
        case .found(let krea):
            pace.noteTaken(at: min(now, startedAt ?? now))
            try begin(krea, at: now, rules: rules)
        case .absent where mayResend: try recordAbsence(behind: lastInQueue, pace, at: now, rules: rules)
        case .ambiguous: try finish(.failed, JobFailure(isCancelWanted ? .cancellationUnconfirmed : .submissionUnconfirmed), at: now)
        case .open where isLate:
            undecidedLooks += 1
            guard undecidedLooks >= rules.mostUndecidedLooks else { return true }
            try finish(.failed, JobFailure(isCancelWanted ? .cancellationUnconfirmed : .submissionUndecidable), at: now)
        case .absent, .open, .further: return false
        }
        return true
    }
}

/// What a call for Krea's list has brought.
public struct Reconciliation: Hashable, Sendable {
    /// The jobs with a submission that is not `unconfirmed` any more.
    public var settled: [Job] = []
    /// Whether the next page is needed.
    public var goesOn = false
    /// Whether the list could have told about a submission, and did not.
    public var isUndecided = false

    /// A list that has brought nothing.
    public init() {}

    /// The list was asked for with `call` and has come, as far as it has been read, or has not come: every submission of `job` whose answer
    /// was lost is looked for in it.
    ///
    /// - Parameters:
    ///   - lastInQueue: The highest number of a job so far.
    ///   - pace: Learns that Krea took what is found.
    ///   - isReachable: Whether Krea has answered some other call since the latest that it did not: then a call without an answer is the
    ///     list's own fault.
    ///   - isGone: Whether the dispatcher of an epoch cannot be making calls any more.
    ///   - isKnown: Whether an ID of Krea's belongs to a submission of any other job.
    /// - Returns: Whether the job changed.
    public mutating func settle(
        _ job: inout Job, by result: CallResult<AccountList>, for call: Call, at now: Timestamp, rules: PaceRules, isReachable: Bool,
        behind lastInQueue: Int64, pace: inout Pace, isGone: (Int) -> Bool, isKnown: (String) throws -> Bool
    ) throws -> Bool {
        let former = job
        for index in job.submissions.indices where job.submissions[index].state == .unconfirmed {
            let submission = job.submissions[index]
            guard let startedAt = submission.startedAt, let lostAt = submission.lostAt else { continue }
            var askedAt = call.startedAt
            let verdict: ReconciliationResult
            switch result {
            case .answered(let list):
                askedAt = list.askedAt
                verdict =
                    try ReconciliationResult.ofAWrongClock(lostAt: lostAt, kreaTime: list.kreaTime, receivedAt: now)
                    ?? ReconciliationResult(startedAt: startedAt, lostAt: lostAt, in: list, receivedAt: now, rules: rules) { id in
                        try job.submissions.contains { $0.kreaID.map { $0.hasSameBytes(as: id) } ?? false } || isKnown(id)
                    }
            case .unusable, .gone, .refused: verdict = .open
            case .notSent where isReachable, .noAnswer where isReachable: verdict = .open
            case .tooLarge, .notSent, .noAnswer, .rateLimited, .unauthorised: continue
            }
            let isLate = ReconciliationResult.isProof(askedAt, ofCallThatEndedAt: lostAt, rules)
            let mayResend = submission.epoch == call.epoch || isGone(submission.epoch)
            _ = try job.submissions[index].settle(
                verdict, mayResend: mayResend, isLate: isLate, behind: lastInQueue, pace: &pace, at: now, rules: rules)
            if job.submissions[index].state != .unconfirmed { continue }
            goesOn = goesOn || verdict == .further
            isUndecided = isUndecided || verdict == .open && isLate
        }
        if zip(job.submissions, former.submissions).contains(where: { $0.state != $1.state }) { settled.append(job) }
        return job != former
    }
}

extension Job {
    /// Submissions that no process is making any more become unconfirmed.
    ///
    /// - Parameter isGone: Whether the dispatcher of an epoch cannot be making calls any more.
    /// - Returns: When the next one would have been made for too long; nil when none is being made.
    public mutating func recoverInterruptedSubmits(at now: Timestamp, rules: PaceRules, isGone: (Int) -> Bool) throws -> Timestamp? {
        var next: Timestamp?
        for index in submissions.indices {
            guard let moment = submissions[index].interruptedFrom(rules) else { continue }
            if isGone(submissions[index].epoch) || now >= moment {
                try submissions[index].recoverInterruptedSubmit(at: now, rules: rules)
            } else {
                next = min(moment, next ?? moment)
            }
        }
        return next
    }
}
