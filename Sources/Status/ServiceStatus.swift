import Jobs

/// How the service is at a moment: what `GET /status` shows. Its members are those of the JSON, null where there is nothing to say.
struct ServiceStatus: Encodable, Sendable {
    /// What of the store could be learnt.
    struct Store: Encodable, Sendable {
        /// Whether it could be read in time.
        var isReadable: Bool
        /// Whether something could be written in time.
        var isWritable: Bool
        /// A sentence; nil when all is well.
        @Nullable var problem: String? = nil
        @Nullable var bytes: Int? = nil
        /// What of that is the write-ahead log.
        @Nullable var walBytes: Int? = nil
    }

    struct Queue: Encodable, Sendable {
        /// How many submissions are in each state.
        var submissions: [String: Int]
        /// How many of those that wait were sent before, and never arrived at Krea.
        var retried: Int
        /// How many submissions in a row brought no answer, or none of use.
        var lostInARow: Int
        var finishedJobs: Int
        @Nullable var oldestWaitingSeconds: Double? = nil
        var pollsDue: Int
        /// When the next submission may start, now at the earliest; nil while the operator has to act first.
        @Nullable var nextSubmissionAt: Moment? = nil
        /// Why calls wait that could be made.
        @Nullable var hold: Hold? = nil
        /// What was paid to Krea today, or may have been, by everybody.
        var spentTodayUsd: Double
        /// Nil for anything.
        @Nullable var spendLimitUsd: Double? = nil
    }

    struct Hold: Encodable, Sendable {
        /// `rate_limited`, `out_of_compute`, `token_refused`, `spend_limit`, `paused`, `unanswered` or `submissions_lost`.
        var reason: String
        /// Nil when the operator has to act, or when it is unknown.
        @Nullable var until: Moment? = nil
        /// Of calls that get no answer: since when.
        @Nullable var since: Moment? = nil
        /// The operator's, of a pause.
        @Nullable var words: String? = nil
    }

    struct Catalogue: Encodable, Sendable {
        /// Nil when Krea's description of its routes was never read.
        @Nullable var readAt: Moment? = nil
        @Nullable var ageSeconds: Double? = nil
    }

    /// What the audit says of the part of the ledger that it has read.
    struct Ledger: Encodable, Sendable {
        var callsChecked: Int
        /// How many are not checked yet, about: calls are checked a part at a time.
        var callsAhead: Int
        var brokenRules: Int
        /// The first sentences.
        var broken: [String]
    }

    /// The calls to Krea of one kind with one outcome.
    struct Calls: Encodable, Sendable {
        var kind: String
        var outcome: String
        var count: Int
        var meanSeconds: Double
    }

    var version: String
    var now: Moment
    var startedAt: Moment
    var uptimeSeconds: Double
    var role: Role
    var fastcgi: FastCGIStatus
    var store: Store
    /// These are of the time of `storeReadAt`; nil when the store could not be read yet.
    @Nullable var storeReadAt: Moment? = nil
    @Nullable var dispatcherEpoch: Int? = nil
    @Nullable var queue: Queue? = nil
    @Nullable var catalogue: Catalogue? = nil
    @Nullable var ledger: Ledger? = nil
    var krea: [Calls]
    /// The scoreboard; left out unless it was asked for.
    var workers: [FastCGIStatus.Worker]?
}

/// What a process does for the store beside answering.
public enum Role: String, Encodable, Sendable, CaseIterable {
    /// Calls Krea.
    case dispatcher
    /// Another process calls Krea.
    case standby
    /// This process does not call Krea, because there is no token.
    case withoutToken = "without_token"
}

/// A moment, in JSON as Krea writes times.
struct Moment: Encodable, Sendable, CustomStringConvertible {
    let time: Timestamp

    init(_ time: Timestamp) {
        self.time = time
    }

    var description: String { time.iso8601 }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(time.iso8601)
    }
}
