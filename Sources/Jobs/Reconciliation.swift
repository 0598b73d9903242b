/// The latest jobs of the account, as Krea lists them.
public struct AccountList: Hashable, Sendable {
    /// The jobs, the newest first.
    public let jobs: [KreaJob]
    /// Whether these are all jobs there are, and not only the latest.
    public let isComplete: Bool
    /// What Krea's clock showed, in whole seconds, if the answer said so.
    public let kreaTime: Timestamp?

    /// A list.
    public init(jobs: [KreaJob], isComplete: Bool, kreaTime: Timestamp?) {
        self.jobs = jobs
        self.isComplete = isComplete
        self.kreaTime = kreaTime
    }
}

/// What Krea's list says about a submission whose answer was lost.
public enum Verdict: Hashable, Sendable {
    /// Krea has it: this is it.
    case found(KreaJob)
    /// Krea never got it.
    case absent
    /// Several jobs could be it, and nobody can tell which.
    case ambiguous
    /// It is too early to say, or the list does not reach back far enough.
    case open

    /// Looks for a submission whose paid call was made from `startedAt` to `lostAt`, both by our clock.
    ///
    /// Krea's list does not say what a job was made from. So a job can only be the lost one if it was created while the call was being
    /// made, give or take a fifth of the time between two submissions, and if its ID belongs to no submission of ours.
    ///
    /// - Parameters:
    ///   - askedAt: When the list was asked for. Absence is proved only by a list that was asked for long enough after the call.
    ///   - receivedAt: When the list came, by our clock; beside Krea's own time it tells how far the clocks are apart.
    ///   - isKnown: Whether an ID of Krea's belongs to a submission of ours.
    public init(
        startedAt: Timestamp, lostAt: Timestamp, in list: AccountList, askedAt: Timestamp, receivedAt: Timestamp, rules: PaceRules,
        isKnown: (String) throws -> Bool
    ) rethrows {
        let offset = Self.offset(of: list.kreaTime, receivedAt)
        let slack = min(.seconds(2), rules.submitInterval / 5)
        let window = (startedAt + offset - slack)...(lostAt + offset + slack)
        let candidates = try list.jobs.filter { job in
            guard let createdAt = job.createdAt, window.contains(createdAt) else { return false }
            return try !isKnown(job.id)
        }
        if candidates.count > 1 {
            self = .ambiguous
        } else if let only = candidates.first {
            self = .found(only)
        } else {
            // Without Krea's time nobody knows how far the clocks are apart, and what is missing may only be somewhere else.
            let reachesBack = list.isComplete || list.jobs.contains { $0.createdAt.map { $0 < window.lowerBound } ?? false }
            self = list.kreaTime != nil && reachesBack && askedAt >= lostAt + rules.reconcileAfter ? .absent : .open
        }
    }

    /// The verdict on a call that ended, by the clock of then, long after now by our clock and by Krea's: that clock was wrong, so that no
    /// time of Krea's can be compared with it. Nil for every other.
    static func ofAWrongClock(lostAt: Timestamp, kreaTime: Timestamp?, receivedAt: Timestamp) -> Verdict? {
        guard let kreaTime, lostAt > max(kreaTime, receivedAt) + .seconds(3600) else { return nil }
        return .ambiguous
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
    ///   - mayResend: Whether it is certain that nobody can still be making the call. Without that, absence proves nothing.
    ///   - lastInQueue: The highest number of a job so far: what never arrived goes behind it; see ``recordAbsence(behind:_:at:rules:)``.
    ///   - pace: Learns that Krea took what is found.
    /// - Returns: Whether anything changed.
    public mutating func settle(
        _ verdict: Verdict, mayResend: Bool, behind lastInQueue: Int64, pace: inout Pace, at now: Timestamp, rules: PaceRules
    ) throws -> Bool {
        switch verdict {
        case .found(let krea):
            pace.noteTaken(at: min(now, startedAt ?? now))
            try begin(krea, at: now, rules: rules)
        case .absent where mayResend: try recordAbsence(behind: lastInQueue, pace, at: now, rules: rules)
        case .ambiguous: try finish(.failed, JobFailure(.submissionUnconfirmed), at: now)
        case .absent, .open: return false
        }
        return true
    }
}

extension Job {
    /// Krea's list was asked for with `call` and has come: every submission whose answer was lost is looked for in it.
    ///
    /// - Parameters:
    ///   - lastInQueue: The highest number of a job so far.
    ///   - pace: Learns that Krea took what is found.
    ///   - isGone: Whether the dispatcher of an epoch cannot be making calls any more.
    ///   - isKnown: Whether an ID of Krea's belongs to a submission of any other job.
    /// - Returns: Whether anything changed.
    public mutating func settle(
        _ list: AccountList, for call: Call, behind lastInQueue: Int64, pace: inout Pace, at now: Timestamp, rules: PaceRules,
        isGone: (Int) -> Bool, isKnown: (String) throws -> Bool
    ) throws -> Bool {
        var hasChanged = false
        for index in submissions.indices where submissions[index].state == .unconfirmed {
            guard let startedAt = submissions[index].startedAt, let lostAt = submissions[index].lostAt else { continue }
            let verdict =
                try Verdict.ofAWrongClock(lostAt: lostAt, kreaTime: list.kreaTime, receivedAt: now)
                ?? Verdict(
                    startedAt: startedAt, lostAt: lostAt, in: list, askedAt: call.startedAt, receivedAt: now, rules: rules
                ) { id in
                    try submissions.contains { $0.kreaID == id } || isKnown(id)
                }
            let epoch = submissions[index].epoch
            let mayResend = epoch == call.epoch || isGone(epoch)
            let isSettled = try submissions[index].settle(
                verdict, mayResend: mayResend, behind: lastInQueue, pace: &pace, at: now, rules: rules)
            if isSettled { hasChanged = true }
        }
        return hasChanged
    }

    /// Submissions that are being made by nobody any more become unconfirmed.
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
