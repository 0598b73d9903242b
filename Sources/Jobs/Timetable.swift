/// When a job is expected to start and to be finished, as far as the queue and the pace tell.
public struct Timetable: Hashable, Sendable {
    /// When it started, or the earliest moment at which it can; nil when it never will.
    public let startsAt: Timestamp?
    /// When its pictures should be here; nil when nothing more is expected.
    public let expectedAt: Timestamp?

    /// The times of a job with `position` others in front of it.
    ///
    /// A waiting job starts when its turn in the pace comes; a started one is expected after the longest time that its
    /// model usually takes.
    public init(_ job: Job, position: Int, pace: Pace, now: Timestamp, rules: PaceRules) {
        let startsAt =
            job.state == .waiting
            ? max(now, pace.submitAllowedAt) + rules.submitInterval * position
            : job.submission.startedAt
        self.startsAt = startsAt
        let usual = Duration.seconds(job.request.model.typicalSeconds.upperBound)
        expectedAt = job.state.isFinished ? nil : startsAt.map { max($0 + usual, now) }
    }
}
