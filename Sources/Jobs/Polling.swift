/// Asking Krea how a submission is getting on.
extension Submission {
    /// The right to ask once is taken, unless all polls are used up: then the submission has timed out.
    ///
    /// The next poll is put off as if the answer took as long as an answer can take, so that a process that dies with the call in
    /// flight leaves nothing that comes too early.
    ///
    /// - Returns: Whether to ask.
    public mutating func claimForPoll(at now: Timestamp, rules: PaceRules) throws -> Bool {
        guard polls < rules.maxPolls else {
            try finish(.timedOut, JobFailure(.timedOut), at: now)
            return false
        }
        polls += 1
        nextPollAt = now + rules.requestTimeout + rules.pollInterval
        return true
    }

    /// A poll has ended. The next one is counted from its end.
    ///
    /// A submission that has come to its end meanwhile stays as it is.
    public mutating func recordPoll(_ outcome: PollOutcome, at now: Timestamp, rules: PaceRules) throws {
        guard state == .running else { return }
        nextPollAt = now + rules.pollInterval
        switch outcome {
        case .answered(let krea):
            try absorb(krea, at: now)
        case .rateLimited:
            nextPollAt = now + rules.pollRateLimitPause
        case .unknownJob where isCancelWanted && nextCancelAt == nil:
            // Krea was told to cancel it, and deletes what it cancels.
            try finish(.cancelled, JobFailure(.cancelled), at: now)
        case .unknownJob, .unauthorised, .noAnswer:
            break
        }
        guard state == .running, polls >= rules.maxPolls else { return }
        if outcome == .unknownJob {
            try finish(.failed, JobFailure(.lostAtKrea), at: now)
        } else {
            let next = nextPollAt
            try finish(.timedOut, JobFailure(.timedOut), at: now)
            // For whoever looks again: a poll that got a 429 keeps its pause.
            nextPollAt = next
        }
    }

    /// Somebody wants Krea to be asked again, as often as the first time: Krea may finish a job long after, and bills it then.
    ///
    /// - Throws: ``IllegalTransition`` for a submission that has not timed out.
    public mutating func lookAgain(at now: Timestamp, rules: PaceRules) throws {
        guard state == .timedOut else { throw IllegalTransition(from: state, to: .running) }
        try move(to: .running)
        nextPollAt = max(now, min(nextPollAt ?? now, now + rules.pollRateLimitPause))
        look += 1
        polls = 0
        finishedAt = nil
        failure = nil
    }

    /// Takes over what Krea says of the job. Only three words end it; every other one means that it goes on.
    mutating func absorb(_ krea: KreaJob, at now: Timestamp) throws {
        kreaStatus = krea.status
        warnings += krea.warnings.filter { !warnings.contains($0) }
        switch krea.status {
        case "completed" where krea.urls.isEmpty:
            let refusal = krea.failure.flatMap { $0.code == .contentRefused ? $0 : nil }
            try finish(.failed, refusal ?? JobFailure(.noImage, detail: krea.failure?.detail), at: now)
        case "completed":
            urls = krea.urls
            try finish(.completed, nil, at: now)
        case "failed":
            try finish(.failed, krea.failure ?? JobFailure(.generationFailed), at: now)
        case "cancelled":
            try finish(.cancelled, JobFailure(.cancelled), at: now)
        default:
            break
        }
    }
}
