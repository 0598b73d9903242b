/// When a job starts and when it should be finished.
public struct Timetable: Hashable, Sendable {
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
        let first = max(now, pace.plannedSubmitAt, pace.silentUntil, pace.creditHoldUntil, pace.spendHoldUntil)
        let place = { (index: Int) in pace.submitAllowedAt == nil ? nil : first + rules.submitInterval * (queued.position + index) }
        startsAt = job.startedAt ?? (job.state.isFinished ? nil : place(0))
        let waiting = job.submissions.count { $0.state == .waiting }
        let lastStart = waiting > 0 ? place(waiting - 1) : job.submissions.compactMap(\.startedAt).max()
        let usual = queued.usualRun ?? .seconds(job.request.model.typicalSeconds.upperBound)
        expectedAt = job.state.isFinished ? nil : lastStart.map { max($0 + usual, now) }
    }
}
