/// When a job starts and when it should be finished.
public struct Timetable: Hashable, Sendable {
    /// When it started, or when its turn in the pace comes; nil when it never does.
    public let startsAt: Timestamp?
    /// When its pictures should be here; nil when nothing more is expected.
    public let expectedAt: Timestamp?

    /// The times of a job as it stands in the queue.
    ///
    /// A waiting job starts when the pace has let through those before it. A started one is expected after the time that its model took
    /// in the median of its latest runs, or at most takes by the brief while there are none.
    public init(_ queued: QueuedJob, now: Timestamp, rules: PaceRules) {
        let job = queued.job
        let pace = queued.pace
        let first = max(now, pace.plannedSubmitAt, pace.silentUntil, pace.creditHoldUntil)
        let startsAt: Timestamp? =
            switch job.state {
            case .waiting: pace.isTokenRefused ? nil : first + rules.submitInterval * queued.position
            default: job.submission.startedAt
            }
        self.startsAt = startsAt
        let usual = queued.usualRun ?? .seconds(job.request.model.typicalSeconds.upperBound)
        expectedAt = job.state.isFinished ? nil : startsAt.map { max($0 + usual, now) }
    }
}
