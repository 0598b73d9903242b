/// When a job starts and when it should be finished.
public struct Timetable: Hashable, Sendable {
    /// How many submissions are made before its next one; 0 for the first in line and for a job with nothing that waits.
    public let position: Int
    /// When it started, or when its turn in the pace comes; nil when it never does.
    public let startsAt: Timestamp?
    /// When its pictures should be here; nil when nothing more is expected.
    public let expectedAt: Timestamp?

    /// The times of a job as it stands in the queue.
    ///
    /// A waiting job starts when the pace has let through those before it. A started one is expected after the time that its model took
    /// in the median of its latest runs, or at most takes by the brief while there are none. Of several submissions the last one counts,
    /// and each that waits takes a place of its own.
    public init(_ queued: QueuedJob, now: Timestamp, rules: PaceRules) {
        let job = queued.job
        let pace = queued.pace
        let first = max(now, pace.nextWaitingSubmit)
        let waiting = job.submissions.filter { $0.state == .waiting }
        let position = Self.position(queued, first: first, notBefore: Self.notBefore(waiting), rules: rules)
        let place = { (index: Int) in pace.submitAllowedAt == nil ? nil : first + rules.submitInterval * (position + index) }
        let next = place(0).map { max($0, Self.notBefore(waiting) ?? $0) }
        startsAt = job.startedAt ?? (job.state.isFinished ? nil : next)
        let last = place(waiting.count - 1).map { max($0, waiting.compactMap(\.notBefore).max() ?? $0) }
        let lastStart = waiting.isEmpty ? job.submissions.compactMap(\.startedAt).max() : last
        let usual = queued.usualRun ?? .seconds(job.request.model.typicalSeconds.upperBound)
        expectedAt = job.state.isFinished ? nil : lastStart.map { max($0 + usual, now) }
        self.position = position
    }

    /// The earliest moment of the next submission; nil while one waits that was never lost.
    private static func notBefore(_ waiting: [Submission]) -> Timestamp? {
        waiting.contains { $0.notBefore == nil } ? nil : waiting.compactMap(\.notBefore).min()
    }

    /// One that waits for another attempt goes before those behind it only when its time has come; till then they pass.
    private static func position(_ queued: QueuedJob, first: Timestamp, notBefore: Timestamp?, rules: PaceRules) -> Int {
        var position = queued.position
        for moment in queued.retriesAhead.sorted() where moment <= first + rules.submitInterval * position { position += 1 }
        guard let notBefore, notBefore > first else { return position }
        let passing = Int(clamping: ((notBefore - first) / rules.submitInterval).rounded(.up))
        return max(position, min(position.addingSaturating(queued.behind), passing))
    }
}

extension Pace {
    /// When the next submission is made, as far as that is known and only time is needed for it.
    public var nextWaitingSubmit: Timestamp { max(plannedSubmitAt, silentUntil, creditHoldUntil, spendHoldUntil, lossHoldUntil) }
}
