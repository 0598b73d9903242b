/// What the status needs of the store. Methods block.
public protocol StatusStore: LedgerStore {
    /// The pace that the store keeps.
    var rules: PaceRules { get }

    /// How the store is at this moment.
    func overview(at now: Timestamp) throws -> StoreOverview

    /// Writes something meaningless, durably. Throws when the store cannot be written, for whatever reason.
    func proveWritable() throws
}

/// The store in numbers, without anything about who asked for what.
public struct StoreOverview: Hashable, Sendable {
    /// How many submissions are in each state that is no end; a state without any may be missing.
    public var submissions: [JobState: Int]
    /// How many of those that wait were sent before, and never arrived at Krea.
    public var retriedSubmissions: Int
    /// How many jobs have come to an end and are kept.
    public var finishedJobs: Int
    /// When the oldest job that still waits for its first call was accepted; nil when nothing waits.
    public var oldestWaitingSince: Timestamp?
    /// How many running submissions could be polled by now.
    public var duePolls: Int
    /// The pace.
    public var pace: Pace
    /// The latest dispatcher.
    public var term: LeaderTerm
    /// When Krea's routes were last read; nil when never.
    public var catalogueReadAt: Timestamp?
    /// How many bytes the store takes on disk, with what belongs to it.
    public var bytes: Int
    /// How many of them are its write-ahead log; 0 where it has none.
    public var logBytes: Int
    /// The number of the latest call in the ledger; 0 when there is none.
    public var latestCall: Int64
    /// What was paid to Krea today, or may have been.
    public var spentToday: Money
    /// What may be paid to Krea in a day; nil for anything.
    public var spendLimit: Money?

    /// An overview.
    public init(
        submissions: [JobState: Int], retriedSubmissions: Int = 0, finishedJobs: Int, oldestWaitingSince: Timestamp?, duePolls: Int,
        pace: Pace, term: LeaderTerm,
        catalogueReadAt: Timestamp?, bytes: Int, logBytes: Int, latestCall: Int64, spentToday: Money, spendLimit: Money?
    ) {
        self.submissions = submissions
        self.retriedSubmissions = retriedSubmissions
        self.finishedJobs = finishedJobs
        self.oldestWaitingSince = oldestWaitingSince
        self.duePolls = duePolls
        self.pace = pace
        self.term = term
        self.catalogueReadAt = catalogueReadAt
        self.bytes = bytes
        self.logBytes = logBytes
        self.latestCall = latestCall
        self.spentToday = spentToday
        self.spendLimit = spendLimit
    }
}
