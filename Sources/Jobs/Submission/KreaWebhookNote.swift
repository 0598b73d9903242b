/// Krea's webhooks. They can be forged, so one only says that it is worth polling: nothing in it is believed.
extension Submission {
    /// Krea has called, or another caller that knows the address.
    ///
    /// While Krea's answer to the paid call is awaited the hint is kept for the first poll. Of a running submission it brings the next poll
    /// forward, never closer to the one before than ``PaceRules/shortestPollInterval`` and never into the pause after a 429; a hint that
    /// comes during a poll counts for the next. For one that timed out it opens a round of its own, in which each hint is good for one answer
    /// of Krea's, and all together for ``PaceRules/maxPolls`` polls. A submission that has ended otherwise, or waits, stays as it is.
    ///
    /// - Returns: Whether anything changed. A second hint before the next poll changes nothing.
    public mutating func noteKreaWebhook(at now: Timestamp, rules: PaceRules) throws -> Bool {
        switch state {
        case .submitting, .unconfirmed:
            guard !hasKreaCalled else { return false }
        case .running:
            guard !hasKreaCalled else { return false }
            // Of a submission that an older version began, no earliest moment is known.
            if let next = nextPollAt, let soonest = soonestPollAt { nextPollAt = min(next, max(now, soonest)) }
        case .timedOut:
            guard try openWebhookRound(at: now, rules: rules) else { return false }
        case .waiting, .completed, .failed, .cancelled:
            return false
        }
        hasKreaCalled = true
        return true
    }

    /// The polls, or what Krea answered to a hint, were the last of this look.
    mutating func timeOut(at now: Timestamp, rules: PaceRules) throws {
        let hasKreaCalled = hasKreaCalled
        try finish(.timedOut, JobFailure(.timedOut), at: now)
        // Krea called while the last poll was on its way.
        if hasKreaCalled { _ = try noteKreaWebhook(at: now, rules: rules) }
    }

    /// Begins a round of polls that goes on only while Krea calls, or goes on with it, unless its polls are used up.
    private mutating func openWebhookRound(at now: Timestamp, rules: PaceRules) throws -> Bool {
        guard !isWebhookRound || polls < rules.maxPolls else { return false }
        try reopen(at: now, notBefore: soonestPollAt, rules: rules)
        if !isWebhookRound {
            pollRound += 1
            polls = 0
        }
        isWebhookRound = true
        return true
    }
}

extension Job {
    /// Krea has called about the submission with this key; see ``Submission/noteKreaWebhook(at:rules:)``.
    ///
    /// - Returns: Whether anything changed.
    public mutating func noteKreaWebhook(_ key: WebhookKey, at now: Timestamp, rules: PaceRules) throws -> Bool {
        guard let index = submissions.firstIndex(where: { $0.webhookKey == key }) else { return false }
        return try submissions[index].noteKreaWebhook(at: now, rules: rules)
    }
}
