/// One call to Krea, as the ledger keeps it: written before it is made, completed when it has ended.
public struct Call: Hashable, Sendable, Identifiable {
    /// What calls there are; the raw values stand in the ledger.
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
    /// The dispatcher that may make it; what a former dispatcher brings is not recorded.
    public let epoch: Int
    /// The job that it is about; of a list the first whose answer was lost, of a catalogue ``JobID/none``.
    public let job: JobID
    /// The number of that job's submission that it is about, from 1.
    public let part: Int
    /// Which series of polls of that submission it belongs to.
    public let pollRound: Int
    /// When the right to make it was taken.
    public let startedAt: Timestamp
    /// When it had ended; nil while it is being made, and for ever when its process ended first.
    public var endedAt: Timestamp?
    /// How it ended, in one word.
    public var outcome: String?

    /// A call.
    public init(
        id: Int64, kind: Kind, epoch: Int, job: JobID, part: Int = 1, pollRound: Int, startedAt: Timestamp, endedAt: Timestamp? = nil,
        outcome: String? = nil
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

    /// The word for a call that got a 429.
    public static let rateLimited = "rate_limited"
    /// The word for a call that certainly did not reach Krea.
    public static let notSent = "not_sent"
    /// The word for a look at the list that was answered.
    public static let answered = "answered"
    /// The word for a look at the list that was answered with a page, and goes on with the next.
    public static let page = "page"
}

extension SubmitOutcome {
    /// The outcome in one word, for the ledger.
    public var word: String {
        switch self {
        case .accepted: "accepted"
        case .refused(let failure): failure.code.rawValue
        case .routeGone: "route_gone"
        case .rateLimited: Call.rateLimited
        case .notSent: Call.notSent
        case .lost: "lost"
        }
    }
}

extension PollOutcome {
    /// The outcome in one word, for the ledger.
    public var word: String {
        switch self {
        case .answered(let job): job.status
        case .rateLimited: Call.rateLimited
        case .unknownJob: "unknown_job"
        case .unauthorised: "unauthorized"
        case .notSent: Call.notSent
        case .noAnswer: "no_answer"
        }
    }
}

extension CancelOutcome {
    /// The outcome in one word, for the ledger.
    public var word: String {
        switch self {
        case .accepted: "accepted"
        case .refused: "refused"
        case .rateLimited: Call.rateLimited
        case .unknownJob: "unknown_job"
        case .unauthorised: "unauthorized"
        case .noAnswer: "no_answer"
        }
    }
}

extension ListOutcome {
    /// The outcome in one word, for the ledger.
    public var word: String {
        switch self {
        case .answered: Call.answered
        case .tooLarge: "too_large"
        case .unusable: "unusable"
        case .rateLimited: Call.rateLimited
        case .unauthorised: "unauthorized"
        case .noAnswer: "no_answer"
        }
    }
}

extension CatalogueOutcome {
    /// The outcome in one word, for the ledger.
    public var word: String {
        switch self {
        case .answered: "answered"
        case .rateLimited: Call.rateLimited
        case .noAnswer: "no_answer"
        }
    }
}
