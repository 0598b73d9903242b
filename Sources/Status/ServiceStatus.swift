import Jobs

/// The state of the service, as `GET /status` shows it. The members are those of the JSON; nil becomes null.
struct ServiceStatus: Encodable, Sendable {
    /// The state of the store.
    struct Store: Encodable, Sendable {
        /// Whether a read succeeded in time.
        var isReadable: Bool
        /// Whether a write succeeded in time.
        var isWritable: Bool
        /// A sentence about what is wrong; nil if nothing is.
        @Nullable var problem: String? = nil
        @Nullable var bytes: Int? = nil
        /// The bytes of the write-ahead log, included in `bytes`.
        @Nullable var walBytes: Int? = nil
    }

    struct Queue: Encodable, Sendable {
        /// The number of submissions in each state.
        var submissions: [String: Int]
        /// Waiting submissions that were sent before and never arrived at Krea.
        var retried: Int
        /// Submissions in a row that brought no usable answer.
        var lostInARow: Int
        var finishedJobs: Int
        @Nullable var oldestWaitingSeconds: Double? = nil
        var pollsDue: Int
        /// When the next submission may start, now at the earliest; nil while it needs an operator first.
        @Nullable var nextSubmissionAt: Moment? = nil
        /// Why due calls wait; nil if they do not.
        @Nullable var hold: Hold? = nil
        /// What was paid to Krea today for all clients, or may have been.
        var spentTodayUsd: Double
        /// The daily limit; nil for none.
        @Nullable var spendLimitUsd: Double? = nil
    }

    struct Hold: Encodable, Sendable {
        /// `rate_limited`, `out_of_compute`, `token_refused`, `spend_limit`, `paused`, `unanswered` or `submissions_lost`.
        var reason: String
        /// When the hold ends; nil if an operator has to end it, or the end is unknown.
        @Nullable var until: Moment? = nil
        /// Since when calls have brought no answer, for `unanswered`.
        @Nullable var since: Moment? = nil
        /// The operator's reason for a pause.
        @Nullable var words: String? = nil
    }

    struct Catalogue: Encodable, Sendable {
        /// When Krea's description of its routes was read; nil for never.
        @Nullable var readAt: Moment? = nil
        @Nullable var ageSeconds: Double? = nil
    }

    /// The result of the audit so far.
    struct Ledger: Encodable, Sendable {
        var callsChecked: Int
        /// About how many calls are not checked yet: the audit reads them in parts.
        var callsAhead: Int
        var brokenRules: Int
        /// The first sentences about broken rules.
        var broken: [String]
    }

    /// The calls to Krea with one kind and one outcome.
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
    /// When the figures from the store were read: this and the next four. Nil if the store was never read.
    @Nullable var storeReadAt: Moment? = nil
    @Nullable var dispatcherEpoch: Int? = nil
    @Nullable var queue: Queue? = nil
    @Nullable var catalogue: Catalogue? = nil
    @Nullable var ledger: Ledger? = nil
    var krea: [Calls]
    /// The scoreboard; left out unless requested.
    var workers: [FastCGIStatus.Worker]?
}

/// A process's role in calling Krea.
public enum Role: String, Encodable, Sendable, CaseIterable {
    /// Calls Krea.
    case dispatcher
    /// Another process calls Krea.
    case standby
    /// This process cannot call Krea, because it has no token.
    case withoutToken = "without_token"
}

/// A time that is written to JSON in Krea's form.
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
