/// Asking Krea where the pictures of a completed submission are now: the address that it gave has expired.
///
/// It is a poll like any other: within the pace, in the ledger, in a round of its own. The submission stays completed.
extension Submission {
    /// How many polls may be made for that. One that Krea answers is the last.
    static let mostRefreshPolls = 3

    /// An address has expired: Krea is asked as soon as it may be, unless it has been.
    ///
    /// - Returns: Whether it is going to be asked, and was not before.
    public mutating func planRefresh(at now: Timestamp, rules: PaceRules) -> Bool {
        guard state == .completed, kreaID != nil, !isRefreshed, nextRefreshAt == nil else { return false }
        pollRound += 1
        polls = 0
        // Not too soon after the poll that brought the addresses, unless the clock was put back since.
        nextRefreshAt = max(now, min((finishedAt ?? now) + rules.pollInterval, now + rules.pollInterval))
        return true
    }

    /// The right to ask once is taken. Should the process die with it, the next poll comes after the longest time that a call can take.
    mutating func claimForRefresh(at now: Timestamp, rules: PaceRules) {
        polls += 1
        nextRefreshAt = now + rules.requestTimeout + rules.pollInterval
    }

    /// The poll has ended. Addresses that Krea gives take the place of the former ones, as many as there were or were
    /// asked for; with fewer than before nothing is taken over.
    mutating func recordRefresh(_ result: CallResult<KreaJob>, at now: Timestamp, rules: PaceRules) {
        nextRefreshAt = now + rules.pollInterval
        switch result {
        case .answered(let krea):
            if krea.status == "completed", krea.urls.count >= urls.count { urls = Array(krea.urls.prefix(max(pictures, urls.count))) }
            isRefreshed = true
        case .gone: isRefreshed = true
        case .rateLimited: nextRefreshAt = now + rules.pollRateLimitPause
        case .notSent: polls = max(0, polls - 1)
        case .refused, .unauthorised, .unusable, .tooLarge, .noAnswer: break
        }
        if polls >= Self.mostRefreshPolls { isRefreshed = true }
        if isRefreshed { nextRefreshAt = nil }
    }

    /// The earliest moment of the next poll, of one that runs or whose addresses are asked for; nil when there is none to be made.
    public var pollDueAt: Timestamp? { state == .running ? nextPollAt : nextRefreshAt }
}

extension Job {
    /// One of its addresses has expired; see ``Submission/planRefresh(at:rules:)``.
    ///
    /// - Returns: Whether Krea is going to be asked, and was not before.
    public mutating func planRefresh(of url: String, at now: Timestamp, rules: PaceRules) -> Bool {
        guard let index = submissions.firstIndex(where: { $0.urls.containsBytes(of: url) }) else { return false }
        return submissions[index].planRefresh(at: now, rules: rules)
    }
}
