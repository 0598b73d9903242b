/// Times that lie further ahead than any rule can have put them: the clock was wrong when they were stored, and the machine was started
/// again since, so that it cannot be told by how much. No wait becomes shorter than the longest that its rule knows.
extension Pace {
    /// Brings back what lies too far ahead of `now`. Returns how many times did.
    public mutating func bound(at now: Timestamp, rules: PaceRules) -> Int {
        var bounds = Bounds(now: now)
        let call = rules.requestTimeout
        bounds.limit(&nextSubmitAt, to: max(call + rules.submitInterval, rules.rateLimitPause, .seconds(300)))
        bounds.limit(&plannedSubmitAt, to: max(call + rules.submitInterval, rules.rateLimitPause, .seconds(300)))
        bounds.limit(&silentUntil, to: rules.longestSilence)
        bounds.limit(&ruledSilenceUntil, to: rules.rateLimitPause)
        bounds.limit(&creditHoldUntil, to: rules.creditPause)
        bounds.limit(&spendHoldUntil, to: now.nextDay - now)
        bounds.limit(&lossHoldUntil, to: rules.pause(afterLosses: .max))
        bounds.limit(&latestTakenAt, to: .zero)
        bounds.limit(&nextListAt, to: max(call + rules.pollInterval, .seconds(300)))
        bounds.limit(&nextCatalogueAt, to: max(rules.catalogueInterval, call + rules.catalogueRetry))
        bounds.limit(&catalogueAskedAt, to: .zero)
        if let since = unanswered, since.upperBound > now + Bounds.slack {
            unanswered = nil
            bounds.count += 1
        }
        return bounds.count
    }
}

extension Submission {
    /// Brings back what lies too far ahead of `now`. When it was sent, and when it ended, is left as it is. Returns how many times did.
    public mutating func bound(at now: Timestamp, rules: PaceRules) -> Int {
        var bounds = Bounds(now: now)
        let call = rules.requestTimeout + rules.pollInterval
        bounds.limit(&nextPollAt, to: max(call, rules.pollRateLimitPause))
        bounds.limit(&soonestPollAt, to: max(call, rules.pollRateLimitPause))
        bounds.limit(&nextCancelAt, to: call)
        bounds.limit(&nextRefreshAt, to: max(call, rules.pollRateLimitPause))
        bounds.limit(&notBefore, to: rules.pause(afterStrikes: .max))
        bounds.limit(&firstLostAt, to: .zero)
        return bounds.count
    }
}

extension WebhookDelivery {
    /// The longest that its next attempt can be away.
    public static let longestPause: Duration = attemptTimeout + (pauses.max() ?? .zero)
}

extension Picture {
    /// The longest that its next attempt can be away.
    public static let longestPause: Duration = .seconds(3600)
}

/// Counts the times that lay too far ahead.
private struct Bounds {
    /// What is no matter: a clock is corrected by a little now and then.
    static let slack: Duration = .seconds(1)

    let now: Timestamp
    var count = 0

    mutating func limit(_ moment: inout Timestamp, to distance: Duration) {
        guard moment > now + distance + Self.slack else { return }
        moment = now + distance
        count += 1
    }

    mutating func limit(_ moment: inout Timestamp?, to distance: Duration) {
        guard var known = moment else { return }
        limit(&known, to: distance)
        moment = known
    }
}
