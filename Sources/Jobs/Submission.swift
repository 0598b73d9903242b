/// One paid job at Krea, or one that is going to be: its place in the table of states, and what Krea said of it.
///
/// A job is what a person asked for; a submission is what is paid. All changes are the functions below. They decide, and
/// the store that calls them inside a transaction only loads and saves.
public struct Submission: Hashable, Sendable {
    /// Where it stands.
    public var state: JobState = .waiting
    /// When the latest call that creates it was claimed.
    public var startedAt: Timestamp?
    /// When nothing more could happen by itself.
    public var finishedAt: Timestamp?
    /// Krea's ID, once Krea has given one.
    public var kreaID: String?
    /// Krea's latest status word.
    public var kreaStatus: String?
    /// How often Krea was asked, answered or not.
    public var polls = 0
    /// The earliest moment of the next poll.
    public var nextPollAt: Timestamp?
    /// The pictures.
    public var urls: [String] = []
    /// Why there are none.
    public var failure: JobFailure?
    /// What has to be said about Krea's answers.
    public var warnings: [String] = []

    /// A submission that waits.
    public init() {}

    /// The right to make the paid call is taken. From here on it is unknown whether Krea has the job, until recorded.
    public mutating func claimForSubmit(at now: Timestamp) throws {
        try move(to: .submitting)
        startedAt = now
    }

    /// The paid call has ended.
    public mutating func recordSubmit(_ outcome: SubmitOutcome, at now: Timestamp, rules: PaceRules) throws {
        switch outcome {
        case .accepted(let krea):
            try move(to: .running)
            kreaID = krea.id
            nextPollAt = now + rules.pollInterval
            try absorb(krea, at: now)
        case .refused(let failure):
            try finish(.failed, failure, at: now)
        case .rateLimited, .notSent:
            try move(to: .waiting)
            startedAt = nil
        case .lost:
            try move(to: .unconfirmed)
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
    public mutating func recoverInterruptedSubmit() throws {
        try move(to: .unconfirmed)
    }

    /// It cannot be told whether Krea has it. It is never sent again.
    public mutating func giveUpUnconfirmed(at now: Timestamp) throws {
        try finish(.failed, JobFailure(.submissionUnconfirmed), at: now)
    }

    /// The right to ask once is taken. The next poll is put off as if the answer took as long as an answer can take, so that
    /// a process that dies with the call in flight leaves nothing that comes too early.
    public mutating func claimForPoll(at now: Timestamp, rules: PaceRules) {
        polls += 1
        nextPollAt = now + rules.requestTimeout + rules.pollInterval
    }

    /// A poll has ended. The next one is counted from its end.
    public mutating func recordPoll(_ outcome: PollOutcome, at now: Timestamp, rules: PaceRules) throws {
        guard state == .running else { throw IllegalTransition(from: state, to: .running) }
        nextPollAt = now + rules.pollInterval
        switch outcome {
        case .answered(let krea):
            try absorb(krea, at: now)
        case .rateLimited:
            nextPollAt = now + rules.pollRateLimitPause
        case .unknownJob, .noAnswer:
            break
        }
        guard state == .running, polls >= rules.maxPolls else { return }
        if outcome == .unknownJob {
            try finish(.failed, JobFailure(.lostAtKrea), at: now)
        } else {
            try finish(.timedOut, JobFailure(.timedOut), at: now)
        }
    }

    /// Takes over what Krea says of the job. Only three words end it; every other one means that it goes on.
    private mutating func absorb(_ krea: KreaJob, at now: Timestamp) throws {
        kreaStatus = krea.status
        warnings += krea.warnings.filter { !warnings.contains($0) }
        switch krea.status {
        case "completed" where krea.urls.isEmpty:
            try finish(.failed, krea.failure ?? JobFailure(.noImage), at: now)
        case "completed":
            urls = krea.urls
            try finish(.completed, nil, at: now)
        case "failed":
            try finish(.failed, krea.failure ?? JobFailure(.generationFailed), at: now)
        case "cancelled":
            try finish(.cancelled, JobFailure(.cancelled), at: now)
        default:
            break
        }
    }

    private mutating func finish(_ end: JobState, _ why: JobFailure?, at now: Timestamp) throws {
        try move(to: end)
        failure = why
        finishedAt = now
        nextPollAt = nil
    }

    private mutating func move(to next: JobState) throws {
        guard state.canBecome(next) else { throw IllegalTransition(from: state, to: next) }
        state = next
    }
}
