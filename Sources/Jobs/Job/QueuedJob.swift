/// A job with its surroundings at the moment of reading.
public struct QueuedJob: Hashable, Sendable {
    /// The job.
    public let job: Job
    /// How many submissions stand before its next one that were never lost; 0 for the first in line and for a job with nothing that waits.
    /// How many are really made before it follows in ``Timetable/position``.
    public let position: Int
    /// How many of these stand behind it; 0 unless it has a place of its own, so that they may pass it while it waits.
    public let behind: Int
    /// The earliest moments of submissions that stand before its next one and wait for another attempt.
    public let retriesAhead: [Timestamp]
    /// The pace at that moment.
    public let pace: Pace
    /// The median of how long the latest 50 runs of its model took; nil while there are none.
    public let usualRun: Duration?
    /// What is known of copies of its pictures; a picture that was not listed yet is missing.
    public let pictures: [Picture]

    /// A job with what surrounds it.
    public init(
        job: Job, position: Int, behind: Int = 0, retriesAhead: [Timestamp] = [], pace: Pace, usualRun: Duration? = nil,
        pictures: [Picture] = []
    ) {
        self.job = job
        self.position = position
        self.behind = behind
        self.retriesAhead = retriesAhead
        self.pace = pace
        self.usualRun = usualRun
        self.pictures = pictures
    }

    /// How many runs the median is taken of.
    public static let runsThatCount = 50
}
