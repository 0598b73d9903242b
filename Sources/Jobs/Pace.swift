/// The numbers of the brief: how fast Krea may be called.
public struct PaceRules: Hashable, Sendable {
    /// From the end of one submission to the start of the next.
    public var submitInterval: Duration = .seconds(10)
    /// From the end of one poll of a job to the start of its next.
    public var pollInterval: Duration = .seconds(6)
    /// How often a job is asked for.
    public var maxPolls = 40
    /// How long there is no call of any kind after a 429.
    public var rateLimitPause: Duration = .seconds(30)
    /// How long the poll that got a 429 waits.
    public var pollRateLimitPause: Duration = .seconds(60)
    /// The longest that one call can last.
    public var requestTimeout: Duration = .seconds(30)

    /// The brief's own numbers.
    public init() {}
}

/// When the account may be called next: the one row that every submission and every poll has to pass.
///
/// Spacing is counted so that Krea sees it, from the end of one call to the start of the next.
public struct Pace: Hashable, Sendable {
    /// The earliest moment of the next submission.
    public var nextSubmitAt: Timestamp
    /// No call of any kind before this moment.
    public var silentUntil: Timestamp

    /// A pace that allows everything from the epoch on, or the one that was kept.
    public init(nextSubmitAt: Timestamp = Timestamp(milliseconds: 0), silentUntil: Timestamp = Timestamp(milliseconds: 0)) {
        self.nextSubmitAt = nextSubmitAt
        self.silentUntil = silentUntil
    }

    /// The earliest moment at which a submission may start.
    public var submitAllowedAt: Timestamp { max(nextSubmitAt, silentUntil) }

    /// The earliest moment at which a poll may start that is due at `dueAt`.
    public func pollAllowedAt(_ dueAt: Timestamp) -> Timestamp { max(dueAt, silentUntil) }

    /// Whether Krea has asked for silence that lasts beyond `now`.
    public func isSilent(at now: Timestamp) -> Bool { now < silentUntil }

    /// The right to submit is taken at `now`. Until the call is recorded, the next one is put off as if this one lasted as
    /// long as a call can last: a process that dies with the call in flight leaves a pace that holds.
    public mutating func claimSubmit(at now: Timestamp, rules: PaceRules) {
        nextSubmitAt = now + rules.requestTimeout + rules.submitInterval
    }

    /// The call that was claimed ended at `now`.
    public mutating func recordSubmit(_ outcome: SubmitOutcome, at now: Timestamp, rules: PaceRules) {
        nextSubmitAt = now + rules.submitInterval
        if case .rateLimited(let retryAfter) = outcome { keepSilent(from: now, retryAfter, rules: rules) }
    }

    /// A poll ended at `now`.
    public mutating func recordPoll(_ outcome: PollOutcome, at now: Timestamp, rules: PaceRules) {
        if case .rateLimited(let retryAfter) = outcome { keepSilent(from: now, retryAfter, rules: rules) }
    }

    /// Krea's own Retry-After counts when it is longer than ours; a silence is never made shorter.
    private mutating func keepSilent(from now: Timestamp, _ retryAfter: Duration?, rules: PaceRules) {
        silentUntil = max(silentUntil, now + max(rules.rateLimitPause, retryAfter ?? .zero))
    }
}
