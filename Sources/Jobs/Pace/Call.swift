/// One call to Krea in the ledger: written before it is made, completed when it has ended.
public struct Call: Hashable, Sendable, Identifiable {
    /// What a call is for; the raw values stand in the ledger.
    public enum Kind: String, Sendable, CaseIterable {
        /// Creates and pays a job.
        case submit
        /// Asks for a job.
        case poll
        /// Cancels a job.
        case cancel
        /// Asks for the account's list of jobs.
        case list
        /// Asks for the document of Krea's routes, which is public.
        case catalogue
    }

    /// Its number in the ledger.
    public let id: Int64
    /// What it is.
    public let kind: Kind
    /// The dispatcher that may make it; the result of an earlier dispatcher's call is not recorded.
    public let epoch: Int
    /// The job that it is about: for a list the first whose answer was lost, for a catalogue ``JobID/none``.
    public let job: JobID
    /// Which of that job's submissions it is about, from 1.
    public let part: Int
    /// Which series of polls of that submission it belongs to.
    public let pollRound: Int
    /// When the right to make it was taken.
    public let startedAt: Timestamp
    /// When it had ended; nil while it is being made, and for good if its process ended first.
    public var endedAt: Timestamp?
    /// How it ended; nil until then.
    public var outcome: CallOutcome?

    /// A call.
    public init(
        id: Int64, kind: Kind, epoch: Int, job: JobID, part: Int = 1, pollRound: Int, startedAt: Timestamp, endedAt: Timestamp? = nil,
        outcome: CallOutcome? = nil
    ) {
        self.id = id
        self.kind = kind
        self.epoch = epoch
        self.job = job
        self.part = part
        self.pollRound = pollRound
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.outcome = outcome
    }
}
