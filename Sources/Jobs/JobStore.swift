/// Where jobs are kept, and the limiter of all calls to Krea: pages and dispatcher meet only here.
///
/// Every method is one transaction: when it returns, its change is whole and durable (what records money survives a loss of
/// power), and when it throws, nothing has changed. Methods block and may be called from any thread; async code calls them
/// from a queue of its own.
///
/// The right to call Krea is a row and not a timer: a claim is granted to one caller only, however many processes ask.
///
/// Besides what is named below, every method throws what its storage throws (a full disk, a lock held too long).
public protocol JobStore: Sendable {
    /// The pace that its claims keep.
    var rules: PaceRules { get }

    /// Keeps a new job, and lets it wait at the end of the queue.
    ///
    /// With a `key` that has been used for an equal request before, nothing is kept and the first job is returned.
    func accept(_ job: Job, key: String?) throws -> Acceptance

    /// The job with this ID, if there is one.
    func job(_ id: JobID) throws -> QueuedJob?

    /// The jobs that `query` asks for, the newest first.
    func jobs(_ query: JobQuery) throws -> JobPage

    /// Takes the right to submit the first waiting job: moves it to `submitting` and puts the next submission off.
    func claimSubmit(at now: Timestamp) throws -> Claim

    /// Records how a claimed submission ended, for the job and for the pace. Returns the job as it is now.
    ///
    /// - Throws: ``IllegalTransition`` when the job is not `submitting`, ``UnknownJob`` when there is none.
    @discardableResult
    func recordSubmit(_ outcome: SubmitOutcome, for id: JobID, at now: Timestamp) throws -> Job

    /// Takes the right to ask Krea once for the running job whose poll is due first, and counts the poll.
    func claimPoll(at now: Timestamp) throws -> Claim

    /// Records how a claimed poll ended, for the job and for the pace. Returns the job as it is now.
    ///
    /// - Throws: ``IllegalTransition`` when the job is not `running`, ``UnknownJob`` when there is none.
    @discardableResult
    func recordPoll(_ outcome: PollOutcome, for id: JobID, at now: Timestamp) throws -> Job

    /// Moves every job to `unconfirmed` that has been `submitting` for longer than a call can last: its process is gone, and
    /// with it the answer. Returns when the next one would have been `submitting` that long; nil when none is.
    func recoverInterruptedSubmits(at now: Timestamp) throws -> Timestamp?

    /// Ends every job that is `unconfirmed`, with a failure that says so. Returns those jobs.
    func giveUpUnconfirmed(at now: Timestamp) throws -> [Job]

    /// Calls `observer` after each change that may give the dispatcher something to do, on the thread that made it.
    func observeChanges(_ observer: @escaping @Sendable () -> Void)
}

/// What became of a job that was brought to the store.
public enum Acceptance: Hashable, Sendable {
    /// It is kept.
    case new(QueuedJob)
    /// The same key brought this job, with an equal request, before.
    case existing(QueuedJob)

    /// The job that is kept, either way.
    public var job: QueuedJob {
        switch self {
        case .new(let job), .existing(let job): job
        }
    }
}

/// A job with what surrounded it at the moment of reading.
public struct QueuedJob: Hashable, Sendable {
    /// The job.
    public let job: Job
    /// How many jobs are submitted before it; 0 for the first in line and for every job that no longer waits.
    public let position: Int
    /// The pace at that moment.
    public let pace: Pace

    /// A job with what surrounds it.
    public init(job: Job, position: Int, pace: Pace) {
        self.job = job
        self.position = position
        self.pace = pace
    }
}

/// Which jobs a list shall have.
public struct JobQuery: Hashable, Sendable {
    /// Whose jobs.
    public var client: Client
    /// How many at most, at least 1.
    public var limit: Int
    /// Only jobs older than this one; an unknown ID gives an empty list.
    public var after: JobID?
    /// Only jobs in one of these states; nil for all.
    public var states: Set<JobState>?

    /// A query.
    public init(client: Client, limit: Int = 100, after: JobID? = nil, states: Set<JobState>? = nil) {
        self.client = client
        self.limit = limit
        self.after = after
        self.states = states
    }
}

/// A part of a list of jobs.
public struct JobPage: Hashable, Sendable {
    /// The jobs, the newest first.
    public let items: [QueuedJob]
    /// Where the next part starts; nil when this is the last.
    public let next: JobID?

    /// A part of a list.
    public init(items: [QueuedJob], next: JobID?) {
        self.items = items
        self.next = next
    }
}

/// The answer to somebody who wants to call Krea.
public enum Claim: Hashable, Sendable {
    /// The call may and shall be made now, once, for this job.
    case granted(Job)
    /// There is something to do, but not before this moment.
    case notBefore(Timestamp)
    /// There is nothing to do.
    case nothing
}

/// There is no job with this ID.
public struct UnknownJob: Error, Hashable, Sendable {
    /// The ID.
    public let id: JobID

    /// An ID that no job has.
    public init(id: JobID) {
        self.id = id
    }
}
