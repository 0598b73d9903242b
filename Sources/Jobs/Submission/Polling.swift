/// Asking Krea how a submission is getting on.
extension Submission {
    /// The right to ask once is taken, unless all polls are used up: then the submission has timed out.
    ///
    /// The next poll is put off as if the answer took as long as an answer can take, so that a process that dies with the call in
    /// flight leaves nothing that comes too early.
    ///
    /// - Returns: Whether to ask.
    public mutating func claimForPoll(at now: Timestamp, rules: PaceRules) throws -> Bool {
        guard state != .completed else {
            claimForRefresh(at: now, rules: rules)
            return true
        }
        guard polls < rules.maxPolls else {
            try endRound(at: now, rules: rules)
            return false
        }
        polls += 1
        hasKreaCalled = false
        putPollOff(until: now + rules.requestTimeout + rules.pollInterval)
        return true
    }

    /// A poll has ended. The next one is counted from its end. One that did not reach Krea is not one of those that a submission has.
    ///
    /// A submission that has come to its end meanwhile stays as it is.
    public mutating func recordPoll(_ result: CallResult<KreaJob>, at now: Timestamp, rules: PaceRules) throws {
        guard nextRefreshAt == nil else { return recordRefresh(result, at: now, rules: rules) }
        guard state == .running else { return }
        planPoll(after: now, rules: rules)
        switch result {
        case .answered(let krea):
            try apply(krea, at: now, rules: rules)
        case .rateLimited:
            putPollOff(until: now + rules.pollRateLimitPause)
        case .gone where isCancelWanted && nextCancelAt == nil:
            // Krea was told to cancel it, and deletes what it cancels.
            try finish(.cancelled, JobFailure(.cancelled), at: now)
        case .notSent:
            polls = max(0, polls - 1)
        case .gone, .refused, .unauthorised, .unusable, .tooLarge, .noAnswer:
            break
        }
        guard state == .running else { return }
        if polls >= rules.maxPolls, case .gone = result {
            try finish(.failed, JobFailure(.lostAtKrea), at: now)
        } else if polls >= rules.maxPolls || isWebhookRound && result.isKreasWord && emptyAnswers == 0 {
            try endRound(at: now, rules: rules)
        }
    }

    /// Asks for Krea's word again, as often as the first time: Krea may finish a job long after, and bills it then, or have a picture that
    /// could not be had before.
    ///
    /// - Throws: ``IllegalTransition`` when ``canBeResumed`` is false.
    public mutating func resume(at now: Timestamp, rules: PaceRules) throws {
        guard canBeResumed else { throw IllegalTransition(from: state, to: .running) }
        try reopen(at: now, notBefore: nextPollAt, rules: rules)
        pollRound += 1
        polls = 0
        isWebhookRound = false
    }

    /// A submission that has ended goes on; a pause that still lasts holds the next poll back.
    mutating func reopen(at now: Timestamp, notBefore moment: Timestamp?, rules: PaceRules) throws {
        try move(to: .running)
        // It was not moved along when the clock was put back.
        putPollOff(until: max(now, min(moment ?? now, now + rules.pollRateLimitPause)))
        finishedAt = nil
        failure = nil
        emptyAnswers = 0
        foreignURLs = []
        warnings.removeAll { if case .strangeAddresses = $0 { true } else { false } }
    }

    /// This round of polls is over: the submission has timed out, unless Krea has said that it finished.
    private mutating func endRound(at now: Timestamp, rules: PaceRules) throws {
        guard emptyAnswers == 0 else { return try finish(.failed, JobFailure(.noImage), at: now) }
        try timeOut(at: now, rules: rules)
    }

    /// The next poll comes an interval after `now`; if Krea has called meanwhile, as soon as it may.
    mutating func planPoll(after now: Timestamp, rules: PaceRules) {
        let soonest = now + rules.shortestPollInterval
        nextPollAt = hasKreaCalled ? soonest : now + rules.pollInterval
        soonestPollAt = soonest
    }

    /// No poll before `moment`, even if Krea calls.
    mutating func putPollOff(until moment: Timestamp) {
        nextPollAt = moment
        soonestPollAt = moment
    }

    /// How often an answer without a picture is believed to be only early: Krea may say that it finished a moment before it has the addresses.
    static let mostEmptyAnswers = 5

    /// Takes over what Krea says of the job. Only three words end it; every other one means that it goes on.
    mutating func apply(_ krea: KreaJob, at now: Timestamp, rules: PaceRules) throws {
        kreaStatus = krea.status
        warnings += krea.warnings.filter { !warnings.contains($0) }
        switch krea.status {
        case "completed" where krea.urls.isEmpty:
            try applyEmpty(krea, at: now)
        case "completed":
            urls = Array(krea.urls.prefix(pictures))
            if urls.count < krea.urls.count, !warnings.contains(.surplus(urls.count)) { warnings.append(.surplus(urls.count)) }
            foreignURLs = krea.foreignURLs
            try finish(.completed, nil, at: now)
        case "failed":
            try finish(.failed, krea.failure ?? JobFailure(.generationFailed), at: now)
        case "cancelled":
            try finish(.cancelled, JobFailure(.cancelled), at: now)
        default:
            break
        }
    }

    /// Krea has finished, but there is no picture that could be shown.
    private mutating func applyEmpty(_ krea: KreaJob, at now: Timestamp) throws {
        if let failure = krea.failure, failure.code == .contentRefused { return try finish(.failed, failure, at: now) }
        foreignURLs = krea.foreignURLs
        guard foreignURLs.isEmpty else { return try finish(.failed, JobFailure(.foreignHost), at: now) }
        emptyAnswers += 1
        guard emptyAnswers > Self.mostEmptyAnswers else { return }
        try finish(.failed, JobFailure(.noImage, detail: krea.failure?.detail), at: now)
    }
}

extension CallResult<KreaJob> {
    /// Whether Krea has said something about the job, even if only that there is none.
    fileprivate var isKreasWord: Bool {
        switch self {
        case .answered, .gone: true
        case .refused, .rateLimited, .unauthorised, .unusable, .tooLarge, .notSent, .noAnswer: false
        }
    }
}
