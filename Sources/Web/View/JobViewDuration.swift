import Jobs

extension JobView {
    /// Until when the JSON and its headers stay the same while the store does not change; nil means forever.
    ///
    /// It may be too early, never too late. Everything that ``JobView`` and its headers derive from `now` must be considered here.
    func looksTheSameUntil(keepsPictures: Bool) -> Timestamp? {
        guard !isSettled(keepsPictures: keepsPictures) else { return nil }
        let nextSecond = Timestamp(milliseconds: (now.second + 1) * 1000)
        guard !isFinished else { return nextSecond }
        guard !isDueAtOnce else { return now + .milliseconds(1) }

        var turns = [
            pace.silentUntil, pace.silentUntil - JobSentences.shortSilence, pace.ruledSilenceUntil, pace.creditHoldUntil,
            pace.spendHoldUntil,
            pace.lossHoldUntil, pace.plannedSubmitAt, pace.nextSubmitAt,
        ]
        for submission in job.submissions {
            turns += [submission.nextPollAt, submission.soonestPollAt, submission.notBefore].compactMap { $0 }
        }
        turns += turns.flatMap { [$0 - rules.submitInterval, $0 - rules.pollInterval] }
        if let expectedAt { turns.append(expectedAt) }
        // Distances are told in whole seconds.
        let steps = turns.filter { $0 > now }.map { turn in
            let rest = (turn - now).millisecondsRoundedUp % 1000
            return now + .milliseconds(rest == 0 ? 1 : rest)
        }
        return (steps + [nextSecond]).min()
    }

    /// Whether a waiting part could start now; then the start is "now", which moves with the time.
    private var isDueAtOnce: Bool {
        let waits = job.startedAt == nil || job.submissions.contains { $0.state == .waiting }
        return waits && pace.submitAllowedAt != nil && now >= pace.nextWaitingSubmit
    }
}
