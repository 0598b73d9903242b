/// Reads the ledger and finds out whether every rule about calls to Krea was kept.
///
/// Calls are read one by one in the order of their numbers. What is remembered is a little for each submission of a job, and nothing for each call, so
/// that a ledger of any length can be read in parts. It is judged by today's rules, whatever they were when the calls were made.
///
/// Three things the ledger cannot tell, and how they are judged:
/// - A call without an end was interrupted, or is being made. It may have lasted as long as a call can last, and counts as ended then:
///   what comes earlier was not kept away from it for certain. It has no part in the smallest gaps.
/// - A call that begins in the millisecond in which another one ends with a 429 may have begun before; it is let pass.
/// - A call that begins more than 10 s before one with a lower number shows that the clock was put back: claims stand in the ledger in
///   their order, give or take the time for which a claim waits for the store. No distance across such a step is judged; steps are counted.
///   A clock that was put back by less looks like calls that came too early.
public struct Audit: Sendable {
    /// How many calls of each kind there were; nothing for a kind that never occurred.
    public private(set) var counts: [Call.Kind: Int] = [:]
    /// How many calls got a 429.
    public private(set) var rateLimited = 0
    /// How many calls have no end.
    public private(set) var withoutEnd = 0
    /// How often the clock was put back.
    public private(set) var clockSteps = 0
    /// When the first call began; nil when there was none.
    public private(set) var firstStart: Timestamp?
    /// When the latest call began; nil when there was none.
    public private(set) var latestStart: Timestamp?
    /// The shortest time from the end of a submission to the start of the next; nil when there were no two.
    public private(set) var smallestSubmitGap: Duration?
    /// The shortest time from the end of a poll of a job to the start of its next; nil when there were no two.
    public private(set) var smallestPollGap: Duration?
    /// How often a job was polled at most, in one round.
    public private(set) var mostPolls = 0
    /// How many submissions brought no answer of use.
    public private(set) var lostSubmissions = 0
    /// How many of these were of one submission of a job at most.
    public private(set) var mostLosses = 0
    /// How often a rule was broken. 0 when all was kept.
    public private(set) var brokenCount = 0
    /// What was broken, a sentence for each time, in the order of the ledger; the first 100.
    public private(set) var broken: [String] = []

    /// How many calls were read.
    public var callCount: Int { counts.values.reduce(0, +) }

    private let rules: PaceRules
    private var submission: Ended?
    private var seen = Seen()
    private var list: Ended?
    private var listReading: Reading?
    private var answeredListStart: Timestamp?
    private var silences: [Ended] = []
    private var histories: [Subject: History] = [:]

    private static let leastClockStep: Duration = .seconds(10)
    private static let mostSentences = 100

    /// An audit that has read nothing.
    public init(_ rules: PaceRules) {
        self.rules = rules
    }

    /// Judges one more call, whose number is higher than those of all before.
    public mutating func read(_ call: Call) {
        noticeClockStep(call)
        counts[call.kind, default: 0] += 1
        if call.endedAt == nil { withoutEnd += 1 }
        firstStart = firstStart ?? call.startedAt
        latestStart = latestStart.map { max($0, call.startedAt) } ?? call.startedAt

        judgeSilence(call)
        switch call.kind {
        case .submit: readSubmission(call)
        case .poll: readPoll(call)
        case .list: readList(call)
        case .cancel, .catalogue: break
        }
        histories[Subject(call)]?.latestStart = call.startedAt
        guard call.outcome == .rateLimited else { return }
        rateLimited += 1
        silences.append(Ended(call))
    }

    /// Forgets all submissions about which no call began since `moment`, so that an audit that never ends stays small. A later call about
    /// one of them is judged as if it were its first.
    public mutating func forget(before moment: Timestamp) {
        histories = histories.filter { $0.value.latestStart >= moment }
    }

    private mutating func readSubmission(_ call: Call) {
        if let earlier = submission {
            let gap = judge("Submission \(call.id)", call, after: earlier, "submission", atLeast: rules.submitInterval)
            smallestSubmitGap = [smallestSubmitGap, gap].compactMap { $0 }.min()
        }
        submission = Ended(call).later(than: submission, rules)

        var history = histories[Subject(call), default: History()]
        if let paid = history.accepted {
            note("Submission \(call.id) is of \(Subject(call)), which Krea had accepted with submission \(paid): it was paid for again.")
        } else if let doubt = history.doubt, answeredListStart.map({ $0 < doubt.provableFrom }) ?? true {
            note(
                "Submission \(call.id) is of \(Subject(call)), and no list of Krea's that was asked for "
                    + "\(rules.reconcileAfter.secondsText) after submission \(doubt.id) had proved that the latter never arrived.")
        }
        history.losses.settle(seen)
        if history.losses.strikes >= Submission.mostStrikes {
            note(
                "Submission \(call.id) is of \(Subject(call)), which Krea had failed to take \(Submission.mostStrikes) times while it took "
                    + "others: it had to end.")
        }
        history.losses.note(call.outcome, &seen)
        if call.outcome == .lost { lostSubmissions += 1 }
        mostLosses = max(mostLosses, history.losses.count)
        switch call.outcome {
        case .accepted: history.accepted = history.accepted ?? call.id
        case .lost, nil: history.doubt = Doubt(id: call.id, provableFrom: (call.endedAt ?? call.startedAt) + rules.reconcileAfter)
        default: break
        }
        histories[Subject(call)] = history
    }

    private mutating func readPoll(_ call: Call) {
        var history = histories[Subject(call), default: History()]
        if let earlier = history.poll {
            let pause = earlier.isRateLimited ? rules.pollRateLimitPause : rules.shortestPollInterval
            let gap = judge("Poll \(call.id) of \(Subject(call))", call, after: earlier, "poll", atLeast: pause)
            smallestPollGap = [smallestPollGap, gap].compactMap { $0 }.min()
        }
        history.poll = Ended(call).later(than: history.poll, rules)

        if call.pollRound != history.pollRound { history.polls = 0 }
        history.pollRound = call.pollRound
        // One that did not reach Krea is no poll.
        if call.outcome != .notSent { history.polls += 1 }
        mostPolls = max(mostPolls, history.polls)
        if history.polls > rules.maxPolls {
            note("Poll \(call.id) of \(Subject(call)) is number \(history.polls) of its round; at most \(rules.maxPolls) are allowed.")
        }
        histories[Subject(call)] = history
    }

    private mutating func readList(_ call: Call) {
        if let list { _ = judge("List \(call.id)", call, after: list, "list", atLeast: rules.pollInterval) }
        list = Ended(call)
        // What the first page does not have, because it came later, the others do not have either.
        guard call.outcome == .answered || call.outcome == .page else { return }
        let first = listReading.flatMap { $0.epoch == call.epoch ? $0.startedAt : nil } ?? call.startedAt
        listReading = call.outcome == .page ? Reading(epoch: call.epoch, startedAt: first) : nil
        answeredListStart = first
    }

    /// Notes a call that came too early after `earlier`. Returns the time between them where it is known.
    private mutating func judge(
        _ name: String, _ call: Call, after earlier: Ended, _ what: String, atLeast pause: Duration
    ) -> Duration? {
        let gap = call.startedAt - earlier.latestEnd(rules)
        if gap < pause, earlier.endedAt != nil {
            let limit = earlier.isRateLimited ? " (a 429)" : ""
            note("\(name) began \(gap.secondsText) after the end of \(what) \(earlier.id)\(limit), \(pause.secondsText) are needed.")
        } else if gap < pause {
            note(
                "\(name) began \((call.startedAt - earlier.startedAt).secondsText) after the start of \(what) \(earlier.id), whose end is "
                    + "unknown: \(rules.requestTimeout.secondsText) for the call and \(pause.secondsText) more are needed.")
        }
        return earlier.endedAt == nil ? nil : gap
    }

    private mutating func judgeSilence(_ call: Call) {
        silences.removeAll { $0.latestEnd(rules) + rules.rateLimitPause + Self.leastClockStep < call.startedAt }
        let broken = silences.last { silence in
            let end = silence.latestEnd(rules)
            return end < call.startedAt && call.startedAt < end + rules.rateLimitPause
        }
        guard let broken else { return }
        note(
            "Call \(call.id) (\(call.kind.rawValue)) began \((call.startedAt - broken.latestEnd(rules)).secondsText) after the 429 of call "
                + "\(broken.id), \(rules.rateLimitPause.secondsText) of silence are needed.")
    }

    private mutating func noticeClockStep(_ call: Call) {
        guard let latest = latestStart, latest - call.startedAt > Self.leastClockStep else { return }
        clockSteps += 1
        latestStart = nil
        submission = nil
        list = nil
        listReading = nil
        answeredListStart = nil
        silences = []
        for subject in histories.keys {
            histories[subject]?.poll = nil
            histories[subject]?.doubt = nil
        }
    }

    private mutating func note(_ sentence: String) {
        brokenCount += 1
        if broken.count < Self.mostSentences { broken.append(sentence) }
    }
}
