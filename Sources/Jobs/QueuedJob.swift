/// A job with what surrounded it at the moment of reading.
public struct QueuedJob: Hashable, Sendable {
    /// The job.
    public let job: Job
    /// How many submissions are made before its next one; 0 for the first in line and for a job of which nothing waits.
    public let position: Int
    /// The pace at that moment.
    public let pace: Pace
    /// The median of how long the latest 50 runs of its model took; nil while there are none.
    public let usualRun: Duration?
    /// What is known of copies of its pictures; a picture that nobody has looked at yet is missing.
    public let pictures: [Picture]

    /// A job with what surrounds it.
    public init(job: Job, position: Int, pace: Pace, usualRun: Duration? = nil, pictures: [Picture] = []) {
        self.job = job
        self.position = position
        self.pace = pace
        self.usualRun = usualRun
        self.pictures = pictures
    }

    /// How many runs the median is taken of.
    public static let runsThatCount = 50
}
