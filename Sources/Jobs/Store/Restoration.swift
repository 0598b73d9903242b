/// Going on from a ledger that is older than what has happened: a backup.
extension Job {
    /// The job as it was when a backup was made, to go on from at `now`.
    ///
    /// What was not sent then, or not known to have arrived, may have been sent and paid since, under an ID that is not known: it fails, and
    /// nothing sends it again. What Krea had then is asked for as ever, from `moment` on.
    ///
    /// - Returns: Whether something has failed by that.
    public mutating func recover(fromBackupAt now: Timestamp, notBefore moment: Timestamp) throws -> Bool {
        var hasFailed = false
        for index in submissions.indices {
            switch submissions[index].state {
            case .waiting, .submitting, .unconfirmed:
                try submissions[index].finish(.failed, JobFailure(.restored), at: now)
                hasFailed = true
            case .running:
                submissions[index].putOff(until: moment)
            case .completed: submissions[index].nextRefreshAt = submissions[index].nextRefreshAt.map { max($0, moment) }
            case .failed, .cancelled, .timedOut: break
            }
        }
        return hasFailed
    }
}

extension Submission {
    /// No call about it before `moment`.
    fileprivate mutating func putOff(until moment: Timestamp) {
        nextPollAt = nextPollAt.map { max($0, moment) }
        soonestPollAt = soonestPollAt.map { max($0, moment) }
        nextCancelAt = nextCancelAt.map { max($0, moment) }
    }
}

extension Pace {
    /// The pace as it was when a backup was made, to go on from at `now`: a call of any kind, and a 429, may have been a moment ago.
    public mutating func recover(fromBackupAt now: Timestamp, rules: PaceRules) {
        ruledSilenceUntil = max(ruledSilenceUntil, now + rules.rateLimitPause)
        silentUntil = max(silentUntil, ruledSilenceUntil)
        nextSubmitAt = max(nextSubmitAt, now + rules.submitInterval)
        plannedSubmitAt = max(plannedSubmitAt, nextSubmitAt)
        nextListAt = max(nextListAt, now + rules.pollInterval)
        nextCatalogueAt = .epoch
    }
}
