/// One paid job at Krea, present or future: its state, and what Krea said of it.
///
/// A job is what a person asked for; a submission is what is paid. All changes are functions of this type (here and in the files
/// about polls, cancellation and reconciliation). They decide, and the store that calls them inside a transaction only loads and saves.
public struct Submission: Hashable, Sendable {
    /// Where it stands.
    public var state: JobState = .waiting
    /// How many pictures it has to bring; more than one only where Krea makes several in one job.
    public var pictures = 1
    /// Krea's route that it was sent to, or will be sent to next: a path below `/generate/image/`; nil before the first attempt.
    public var route: String?
    /// What Krea takes for it, at the route that it was claimed for, or accepted for before that; nil when that is not known.
    public var price: Money?
    /// When the latest call that creates it was claimed.
    public var startedAt: Timestamp?
    /// The dispatcher that claimed it.
    public var epoch = 0
    /// When that call was over, as far as it is known, if its answer was lost.
    public var lostAt: Timestamp?
    /// How many of its paid calls never arrived at Krea, as its list has proved.
    public var failedAttempts = 0
    /// How many of these count against it, because Krea took other submissions meanwhile; see ``mostStrikes``.
    public var strikes = 0
    /// When the answer to the first of these was lost; nil while there is none.
    public var firstLostAt: Timestamp?
    /// The number of the job just before which it stands in the queue; nil for where its own job stands.
    public var place: Int64?
    /// The earliest moment of its next attempt, for one that has a place of its own.
    public var notBefore: Timestamp?
    /// How many readings of Krea's list could have told what became of that call, and did not.
    public var undecidedLooks = 0
    /// When nothing more could happen by itself.
    public var finishedAt: Timestamp?
    /// Krea's ID, once Krea has given one.
    public var kreaID: String?
    /// Krea's latest status word.
    public var kreaStatus: String?
    /// How often Krea was asked in this round, answered or not.
    public var polls = 0
    /// Which round of polls this is; resuming a job that timed out begins another.
    public var pollRound = 1
    /// The earliest moment of the next poll.
    public var nextPollAt: Timestamp?
    /// The earliest moment to which a webhook may bring the next poll; nil when nothing is known of it.
    public var soonestPollAt: Timestamp?
    /// The key in the webhook URL given to Krea for the latest paid call; nil if none was.
    public var webhookKey: WebhookKey?
    /// Whether Krea has called and was not asked since.
    public var hasKreaCalled = false
    /// Whether a webhook opened this round of polls for a submission that timed out; see ``noteKreaWebhook(at:rules:)``.
    public var isWebhookRound = false
    /// Whether it was cancelled here, and Krea has not yet said what became of it.
    public var isCancelWanted = false
    /// The earliest moment at which Krea is told to cancel it; nil when Krea has been told, or need not be.
    public var nextCancelAt: Timestamp?
    /// How often in this round Krea has said that it finished and named no picture.
    public var emptyAnswers = 0
    /// The pictures.
    public var urls: [String] = []
    /// Addresses from Krea that are not shown because of their hosts; for the operator.
    public var foreignURLs: [String] = []
    /// The earliest moment at which Krea is asked where the pictures are now; nil when it need not be.
    public var nextRefreshAt: Timestamp?
    /// Whether Krea was asked that and has answered.
    public var isRefreshed = false
    /// Why there are none.
    public var failure: JobFailure?
    /// What people have to be told about Krea's answers.
    public var warnings: [Warning] = []

    /// How many addresses of pictures are read of one submission, from Krea or from a store; what can be asked for is less.
    public static let mostAddresses = 16

    /// A submission for so many pictures that waits.
    public init(pictures: Int = 1) {
        self.pictures = pictures
    }

    /// The right to make the paid call is taken, at this route. From here on it is unknown whether Krea has the job, until recorded.
    ///
    /// - Parameter webhookKey: The key in the webhook URL given to Krea; nil if none is.
    mutating func claimForSubmit(at now: Timestamp, by epoch: Int, route: String, webhookKey: WebhookKey? = nil) throws {
        try move(to: .submitting)
        self.route = route
        startedAt = now
        self.epoch = epoch
        self.webhookKey = webhookKey
        hasKreaCalled = false
        lostAt = nil
        undecidedLooks = 0
    }

    /// The paid call has ended.
    public mutating func recordSubmit(_ result: CallResult<KreaJob>, at now: Timestamp, rules: PaceRules) throws {
        switch result {
        case .answered(let krea):
            try begin(krea, at: now, rules: rules)
        case .refused(let failure):
            try finish(.failed, failure, at: now)
        case .unauthorised(let words):
            try finish(.failed, JobFailure(.unauthorised, detail: words), at: now)
        case .rateLimited, .notSent, .gone:
            try waitAgain(at: now)
        case .noAnswer, .unusable, .tooLarge:
            // A call so slow that it was taken for interrupted is unconfirmed already.
            if state != .unconfirmed { try move(to: .unconfirmed) }
            lostAt = now
        }
    }

    /// From when on a paid call that is not recorded must have been interrupted; nil when none is being made.
    ///
    /// A call lasts no longer than its time-out; the interval on top of it is room for a slow record.
    public func interruptedFrom(_ rules: PaceRules) -> Timestamp? {
        guard state == .submitting, let startedAt else { return nil }
        return startedAt + rules.requestTimeout + rules.submitInterval
    }

    /// The process that made the paid call is gone, and with it the answer.
    ///
    /// The call may have lasted as long as a call can, but not beyond `now`.
    public mutating func recoverInterruptedSubmit(at now: Timestamp, rules: PaceRules) throws {
        try move(to: .unconfirmed)
        lostAt = min(now, (startedAt ?? now) + rules.requestTimeout)
    }

    /// Krea has it: it is polled from now on, and Krea is told to cancel it if that was asked for meanwhile.
    mutating func begin(_ krea: KreaJob, at now: Timestamp, rules: PaceRules) throws {
        try move(to: .running)
        kreaID = krea.id
        planPoll(after: now, rules: rules)
        nextCancelAt = isCancelWanted ? now : nil
        try apply(krea, at: now, rules: rules)
    }

    /// Krea certainly does not have it: it goes back to its place in the line, or nowhere if it is not wanted any more.
    mutating func waitAgain(at now: Timestamp) throws {
        startedAt = nil
        lostAt = nil
        if isCancelWanted {
            try finish(.cancelled, JobFailure(.cancelledBefore), at: now)
        } else {
            try move(to: .waiting)
        }
    }

    /// Whether Krea may be asked again: it may still finish, or have a picture that could not be had.
    public var canBeResumed: Bool {
        (state == .timedOut || state == .failed) && failure?.code.mayStillBring ?? false
    }

    mutating func finish(_ end: JobState, _ why: JobFailure?, at now: Timestamp) throws {
        try move(to: end)
        failure = why
        finishedAt = now
        // A round of polls that may follow keeps its distance from the latest poll, and the pause after a 429.
        if !canBeResumed { (nextPollAt, soonestPollAt) = (nil, nil) }
        hasKreaCalled = false
        nextCancelAt = nil
        isCancelWanted = false
    }

    mutating func move(to next: JobState) throws {
        guard state.canBecome(next) else { throw IllegalTransition(from: state, to: next) }
        state = next
    }
}
