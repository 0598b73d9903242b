/// What held the queue, or calls, and was ended by the operator.
public enum EndedHold: Hashable, Sendable {
    /// A pause, with its reason.
    case pause(because: String)
    /// A used-up balance: the next attempt would have come then.
    case outOfCompute(until: Timestamp)
    /// A token that Krea refused.
    case tokenRefused
    /// The day's money was spent. What is next in line finds out whether it still is.
    case spendLimit(until: Timestamp)
    /// Submissions whose answers were lost: the next attempt would have come then.
    case submissionsLost(until: Timestamp)
    /// A silence that only Krea's Retry-After made longer than our rules: until then, and how it is now.
    case silence(until: Timestamp, now: Timestamp)
    /// So many stored times lay further ahead than any rule can have put them, and were brought back.
    case timesAhead(Int)
}

extension Pace {
    /// The operator has done something about what holds the queue.
    ///
    /// - Parameter isOperator: Whether the operator asked for it to go on: only that ends a pause, and what Krea's Retry-After alone has made
    ///   longer than our own silence, which is never made shorter.
    /// - Returns: What has ended by that, of what held anything at `now`.
    public mutating func release(isOperator: Bool, at now: Timestamp, rules: PaceRules) -> [EndedHold] {
        var ended: [EndedHold] = []
        if isOperator, let pausedBecause { ended.append(.pause(because: pausedBecause)) }
        if isTokenRefused { ended.append(.tokenRefused) }
        if creditHoldUntil > now { ended.append(.outOfCompute(until: creditHoldUntil)) }
        if spendHoldUntil > now { ended.append(.spendLimit(until: spendHoldUntil)) }
        isTokenRefused = false
        (creditHoldUntil, spendHoldUntil) = (.epoch, .epoch)
        guard isOperator else { return ended }

        pausedBecause = nil
        if lossHoldUntil > now { ended.append(.submissionsLost(until: lossHoldUntil)) }
        lossHoldUntil = .epoch
        // Of a silence that an older version stored it is not known when it began: it may have been a moment ago.
        let own = min(silentUntil, ruledSilenceUntil == .epoch ? now + rules.rateLimitPause : ruledSilenceUntil)
        if own < silentUntil, silentUntil > now { ended.append(.silence(until: silentUntil, now: max(own, now))) }
        silentUntil = own
        return ended
    }
}
