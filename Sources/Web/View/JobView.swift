import Jobs

/// A job at one moment, for JSON and pages alike.
struct JobView: Equatable {
    let job: Job
    /// The number of jobs that are submitted before it.
    let position: Int
    let now: Timestamp
    /// When it started or will start; nil if it never will.
    let startsAt: Timestamp?
    /// When more is expected to be known; nil if nothing more comes.
    let expectedAt: Timestamp?
    /// Its pictures by their addresses.
    private let pictures: [TextKey: Picture]
    let pace: Pace
    let rules: PaceRules

    init(_ queued: QueuedJob, now: Timestamp, rules: PaceRules) {
        let timetable = Timetable(queued, now: now, rules: rules)
        job = queued.job
        position = timetable.position
        pictures = Dictionary(queued.pictures.map { (TextKey($0.url), $0) }) { first, _ in first }
        pace = queued.pace
        startsAt = timetable.startsAt
        expectedAt = timetable.expectedAt.flatMap { Self.expectedAt(queued, planned: $0, now: now, rules: rules) }
        self.now = now
        self.rules = rules
    }

    /// When a picture is expected that the timetable expects at `planned`.
    ///
    /// An overdue picture is expected at the next moment at which more can be known, which is closer to the truth than "now" and stays the same
    /// until then. While Krea refuses the token, nothing is expected.
    private static func expectedAt(_ queued: QueuedJob, planned: Timestamp, now: Timestamp, rules: PaceRules) -> Timestamp? {
        let pace = queued.pace
        guard !pace.isTokenRefused else { return nil }
        guard planned <= now else { return planned }
        return queued.job.submissions.compactMap { submission in
            switch submission.state {
            case .running: submission.nextPollAt.flatMap(pace.callAllowedAt)
            case .unconfirmed: submission.lostAt.flatMap { pace.callAllowedAt(max($0, pace.nextListAt)) }
            case .submitting: submission.interruptedFrom(rules)
            case .waiting: planned
            case .completed, .failed, .cancelled, .timedOut: nil
            }
        }.min()
    }

    var isFinished: Bool { job.state.isFinished }

    /// One line in English, as programs read it.
    var message: String { JobSentences(view: self, texts: English()).message }

    /// Whether the job has ended and nothing about it can change.
    func isSettled(keepsPictures: Bool) -> Bool {
        isFinished && !job.canBeResumed && job.delivery?.state != .pending && (hasAllCopies || !keepsPictures)
    }

    /// Whether the job can still be cancelled.
    var canBeCancelled: Bool { !isFinished && !job.isCancelWanted }

    /// The address of our copy of the picture that Krea has at `url`; nil without one.
    func copy(of url: String, at links: Links) -> String? {
        guard links.settings.keepsPictures else { return nil }
        return pictures[TextKey(url)]?.kept.map { links.picture($0.file) }
    }

    /// Whether each picture has a copy or will never have one.
    var hasAllCopies: Bool {
        job.urls.allSatisfy { pictures[TextKey($0)]?.isSettled ?? false }
    }

    /// Why the job is on hold. An empty balance, the spending limit and the operator hold only what has not been paid.
    var hold: Hold? { isFinished ? nil : pace.hold(at: now, ofWhatKreaHas: !isOnlyWaiting) }

    /// Whether nothing of it is at Krea, or on its way there.
    private var isOnlyWaiting: Bool {
        job.submissions.allSatisfy { $0.state == .waiting || $0.state.isFinished }
    }

    /// How long nothing can change; nil if nothing more changes by itself.
    ///
    /// A claim delays the pace and the polls by the longest time that a call can take. Without a silence, anything further away than an
    /// interval is therefore a call in flight, which can end at any moment.
    var quietTime: Duration? {
        if isFinished { return nil }
        switch hold {
        // Except for our own silence, the operator can end these at any moment, and readers should soon see that.
        case .rateLimited(let until): return max(pace.ruledSilenceUntil - now, min(until - now, rules.submitInterval))
        case .outOfCompute(let until), .spendLimit(let until), .submissionsLost(let until): return min(until - now, rules.submitInterval)
        case .tokenRefused, .paused: return rules.submitInterval
        case .unanswered, nil: break
        }
        return job.submissions.compactMap(quietTime).min()
    }

    private func quietTime(of submission: Submission) -> Duration? {
        switch submission.state {
        case .submitting: .zero
        case .waiting:
            max(
                quiet(until: pace.nextSubmitAt, interval: rules.submitInterval),
                min((submission.notBefore ?? now) - now, rules.submitInterval))
        case .running: quiet(until: nextPossiblePoll(of: submission) ?? now, interval: rules.pollInterval)
        case .unconfirmed: rules.pollInterval
        case .completed, .failed, .cancelled, .timedOut: nil
        }
    }

    /// When Krea is polled next, or could be if it calls.
    private func nextPossiblePoll(of submission: Submission) -> Timestamp? {
        submission.webhookKey == nil ? submission.nextPollAt : submission.soonestPollAt ?? submission.nextPollAt
    }

    private func quiet(until moment: Timestamp, interval: Duration) -> Duration {
        let quiet = moment - now
        return quiet > interval ? .zero : max(quiet, .zero)
    }

    /// In how many seconds asking again is worthwhile, at least 1; nil if nothing more changes by itself.
    var retryAfter: Int? {
        quietTime.map(\.retryAfter)
    }

    /// The part of the expected time that has passed, 0 to 95 per cent, since only the end is 100; 0 while nothing is expected.
    var percentDone: Int {
        guard let expectedAt else { return 0 }
        let (whole, passed) = (expectedAt - job.createdAt, now - job.createdAt)
        return whole <= .zero ? 0 : Int(min(max(passed / whole * 100, 0), 95))
    }
}

extension GenerationRequest {
    /// The prompt in one line of about 80 characters.
    var summary: String {
        // Earlier versions took prompts of any size.
        let trimmed = prompt.drop(while: \.isWhitespace)
        let start = trimmed.beginning(400)
        let line = start.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if start.utf8.count == trimmed.utf8.count, line.beginning(80).utf8.count == line.utf8.count { return line }
        let cut = line.beginning(79)
        let end = cut.lastIndex(of: " ").flatMap { cut.distance(from: cut.startIndex, to: $0) >= 60 ? $0 : nil }
        return "\(cut[..<(end ?? cut.endIndex)])…"
    }

    /// The prompt for a page, cut to the longest that is allowed now.
    var shownPrompt: String {
        let start = prompt.beginning(RequestLimits.promptCharacters)
        return start.utf8.count == prompt.utf8.count ? prompt : "\(start)…"
    }
}

extension Duration {
    /// The value of a `Retry-After` header: whole seconds, rounded up, at least 1.
    var retryAfter: Int { max(1, Int(millisecondsRoundedUp.addingSaturating(999) / 1000)) }
}

extension Timestamp {
    /// The time for people who read it at `now`: `14:03:20 UTC`, or, on another day, `2026-11-29 14:03:20 UTC`.
    func text(at now: Timestamp) -> String {
        let written = iso8601
        let isToday = self >= now.dayStart && self <= now.nextDay
        return "\(isToday ? "" : "\(written.prefix(10)) ")\(written.dropFirst(11).prefix(8)) UTC"
    }
}
