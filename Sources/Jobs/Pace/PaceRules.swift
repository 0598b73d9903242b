/// The numbers of the brief: how fast Krea may be called, and how long each wait lasts.
public struct PaceRules: Hashable, Sendable {
    /// From the end of one submission to the start of the next.
    public var submitInterval: Duration = .seconds(10)
    /// From the end of one poll of a job to the start of its next.
    public var pollInterval: Duration = .seconds(6)
    /// How often a job is asked for, in one look.
    public var maxPolls = 40
    /// How long there is no call of any kind after a 429.
    public var rateLimitPause: Duration = .seconds(30)
    /// How long the poll that got a 429 waits.
    public var pollRateLimitPause: Duration = .seconds(60)
    /// The longest that one call can last.
    public var requestTimeout: Duration = .seconds(30)
    /// How long after a lost answer Krea's list can prove that the job never arrived.
    public var reconcileAfter: Duration = .seconds(30)
    /// How many calls for Krea's list may leave open what became of a lost answer before it counts as impossible to tell.
    public var mostUndecidedLooks = 12
    /// How long a 402 holds the queue.
    public var creditPause: Duration = .seconds(300)
    /// How often Krea's routes are asked for.
    public var catalogueInterval: Duration = .seconds(86_400)
    /// How long after an attempt that brought none.
    public var catalogueRetry: Duration = .seconds(600)

    /// The brief's own numbers.
    public init() {}

    /// How long a Retry-After of Krea's counts at most; then Krea is asked again.
    public static let longestRetryAfter: Duration = .seconds(3600)

    /// The longest that Krea can be left alone after a 429.
    public var longestSilence: Duration { max(rateLimitPause, Self.longestRetryAfter) }

    /// How long nothing is submitted after so many submissions in a row whose answers were lost, beyond the usual distance: nothing after
    /// the first, then the distance doubled each time, up to a quarter of an hour.
    public func pause(afterLosses losses: Int) -> Duration {
        losses > 1 ? limited(submitInterval * (1 << min(losses - 1, 10))) : .zero
    }

    /// How long a submission waits that Krea did not get, when so many of its attempts count against it.
    public func pause(afterStrikes strikes: Int) -> Duration {
        limited(submitInterval * (3 << (2 * (min(max(strikes, 1), 6) - 1))))
    }

    private func limited(_ pause: Duration) -> Duration { min(pause, max(submitInterval, min(submitInterval * 90, .seconds(900)))) }

    /// From the end of one poll of a job to the start of its next when Krea has called: the 5 s under which the brief never polls, and
    /// five sixths of a pace that is faster than that, as against a simulator.
    public var shortestPollInterval: Duration {
        pollInterval >= .seconds(5) ? .seconds(5) : pollInterval * 5 / 6
    }
}

/// How many jobs may wait, and what may be asked for and spent in a day.
public struct QueueLimits: Hashable, Sendable {
    /// In all.
    public var total = 500
    /// Of one client.
    public var perClient = 20

    /// Of a day.
    public var daily = DailyLimits()

    /// The numbers of the design.
    public init() {}
}
