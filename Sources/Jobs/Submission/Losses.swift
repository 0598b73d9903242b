/// Submissions whose answers are lost again and again: whether that is the fault of Krea or of one job, and what follows from it.
extension Pace {
    /// Krea took a submission at `moment`: whatever was lost since is not for want of Krea.
    public mutating func noteTaken(at moment: Timestamp) {
        latestTakenAt = max(latestTakenAt, moment)
        freshLosses = 0
        endLosses()
    }

    /// Whether an attempt that came to nothing counts against a submission that had been lost before, at `firstLostAt`.
    ///
    /// Only while Krea takes others: one was taken since, and none is in doubt that was sent for the first time after that one. When all
    /// fail it is an outage, and no job's fault.
    func countsAgainst(firstLostAt: Timestamp) -> Bool { freshLosses == 0 && latestTakenAt > firstLostAt }

    /// How many of the latest lost submissions tell which clients stand back: while answers are lost in a row, the next attempt is one of a
    /// client that lost none of them, where one waits. Else many bad jobs of one client would look like Krea's outage to all others.
    public var latestLosses: Int { min(max(lostSubmits, 0), Self.mostLatestLosses) }

    /// Up to where ``latestLosses`` looks back. With pauses of up to a quarter of an hour that is a day.
    public static let mostLatestLosses = 100

    /// Krea has answered a submission.
    mutating func endLosses() {
        lostSubmits = 0
        lossHoldUntil = .epoch
    }

    mutating func noteLoss(isFirstAttempt: Bool, at now: Timestamp, rules: PaceRules) {
        lostSubmits = min(lostSubmits, Self.most) + 1
        if isFirstAttempt { freshLosses = min(freshLosses, Self.most) + 1 }
        lossHoldUntil = now + rules.pause(afterLosses: lostSubmits)
    }
}

extension Submission {
    /// How many attempts may come to nothing while Krea takes other submissions.
    public static let mostStrikes = 3

    /// Krea's list has proved that the latest attempt never arrived.
    ///
    /// It goes behind everything that waits by now, and waits for a distance that grows with the attempts that count against it; with the last
    /// one it fails. See ``Pace/countsAgainst(firstLostAt:)``.
    ///
    /// - Parameter lastInQueue: The highest number of a job so far.
    mutating func recordAbsence(behind lastInQueue: Int64, _ pace: Pace, at now: Timestamp, rules: PaceRules) throws {
        failedAttempts = min(failedAttempts, Pace.most) + 1
        if let firstLostAt {
            if pace.countsAgainst(firstLostAt: firstLostAt) { strikes += 1 }
        } else {
            firstLostAt = lostAt ?? now
            strikes = 1
        }
        guard strikes < Self.mostStrikes || isCancelWanted else {
            startedAt = nil
            lostAt = nil
            return try finish(.failed, JobFailure(.notTaken), at: now)
        }
        place = lastInQueue.addingSaturating(1)
        notBefore = now + rules.pause(afterStrikes: strikes)
        try waitAgain(at: now)
    }
}

extension Job {
    /// How many paid calls never arrived at Krea, as its list has proved.
    public var failedAttempts: Int { submissions.reduce(0) { $0.addingSaturating($1.failedAttempts) } }
}
