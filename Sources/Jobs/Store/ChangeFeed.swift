/// Tells which jobs have changed, by whichever process on the store.
///
/// For those who wait for a job: while ``RequestStore/version`` stays, nothing has changed; when it is another, this says what has.
public protocol ChangeFeed: Sendable {
    /// The number of the latest change; 0 before the first. Numbers only go up, and none is given twice.
    func latestChange() throws -> Int64

    /// The jobs that have changed after the change `number`, each once, in the order of their latest changes.
    ///
    /// What counts is what its readers are shown of the job itself: its submissions, its pictures and its webhook. Its position, the pace and
    /// the moment of its next poll do not count, and neither do its acceptance and its removal.
    ///
    /// - Returns: At most `limit` jobs: when there are so many, there may be more.
    func changes(after number: Int64, limit: Int) throws -> ChangedJobs
}

/// Jobs that have changed.
public struct ChangedJobs: Hashable, Sendable {
    /// Their IDs.
    public let jobs: [JobID]
    /// After which change to ask the next time.
    public let last: Int64

    /// Jobs that have changed up to a change.
    public init(_ jobs: [JobID], upTo last: Int64) {
        self.jobs = jobs
        self.last = last
    }
}
