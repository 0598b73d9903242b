/// Which jobs a list has.
public struct JobQuery: Hashable, Sendable {
    /// Whose jobs; nil for everybody's, which only the operator sees.
    public var client: Client?
    /// How many at most, at least 1.
    public var limit: Int
    /// Only jobs older than this one; an unknown ID gives an empty list.
    public var after: JobID?
    /// Only jobs that were accepted before this moment; nil for all.
    public var before: Timestamp?
    /// Only jobs in one of these states; nil for all.
    public var states: Set<JobState>?
    /// How many bytes their requests may have together; one job is given in any case. What is read takes memory and time, and pictures can be
    /// a part of requests.
    public var bytes = 1 << 20

    /// A query.
    public init(client: Client?, limit: Int = 100, after: JobID? = nil, before: Timestamp? = nil, states: Set<JobState>? = nil) {
        self.client = client
        self.limit = limit
        self.after = after
        self.before = before
        self.states = states
    }
}

/// A part of a list of jobs.
public struct JobPage: Hashable, Sendable {
    /// The jobs, the newest first.
    public let items: [QueuedJob]
    /// Where the next part starts; nil when this is the last. A part can be shorter than asked for.
    public let next: JobID?

    /// A part of a list.
    public init(items: [QueuedJob], next: JobID?) {
        self.items = items
        self.next = next
    }
}
