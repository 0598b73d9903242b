/// When the account may be called next: the one row that every call has to pass.
///
/// Spacing is counted so that Krea sees it, from the end of one call to the start of the next.
public struct Pace: Hashable, Sendable {
    /// The earliest moment of the next submission.
    public var nextSubmitAt = Timestamp.epoch
    /// The same, as it will be if the submission that is being made is answered at once: what people are told.
    public var plannedSubmitAt = Timestamp.epoch
    /// No call of any kind before this moment.
    public var silentUntil = Timestamp.epoch
    /// The same by our own rules, as if no 429 had come with a Retry-After.
    public var ruledSilenceUntil = Timestamp.epoch
    /// No submission before this moment, because the balance is used up.
    public var creditHoldUntil = Timestamp.epoch
    /// No call of any kind until the operator has done something about the token.
    public var isTokenRefused = false
    /// No submission before this moment, because what may be spent in a day is spent.
    public var spendHoldUntil = Timestamp.epoch
    /// No submission until the operator lets them go on, for the reason in these words; nil while they do.
    public var pausedBecause: String?
    /// The earliest moment of the next call for the account's list.
    public var nextListAt = Timestamp.epoch
    /// How many calls for the list in a row brought none.
    public var listFailures = 0
    /// How many submissions in a row got a 429.
    public var limitedSubmits = 0
    /// No submission before this moment, because the answers to the latest ones were lost; see ``PaceRules/pause(afterLosses:)``.
    public var lossHoldUntil = Timestamp.epoch
    /// How many submissions in a row brought no answer, or none of use.
    public var lostSubmits = 0
    /// How many submissions were lost at their first attempt since Krea has taken one.
    public var freshLosses = 0
    /// When Krea took the latest submission, as far as that is known.
    public var latestTakenAt = Timestamp.epoch
    /// From the first call since Krea's latest answer that got none, or none of use, to the latest one; nil while Krea answers. Once that is
    /// long enough to be told it grows no further.
    public var unanswered: ClosedRange<Timestamp>?
    /// The earliest moment of the next call for Krea's routes.
    public var nextCatalogueAt = Timestamp.epoch
    /// When Krea's routes were last asked for.
    public var catalogueAskedAt = Timestamp.epoch

    /// A pace that allows everything.
    public init() {}

    /// The earliest moment at which a submission may start; nil while only the operator can bring it.
    public var submitAllowedAt: Timestamp? {
        pausedBecause == nil ? callAllowedAt(max(nextSubmitAt, creditHoldUntil, spendHoldUntil, lossHoldUntil)) : nil
    }

    /// The earliest moment at which a call may start that is due at `dueAt`; nil while the token is refused.
    public func callAllowedAt(_ dueAt: Timestamp) -> Timestamp? {
        isTokenRefused ? nil : max(dueAt, silentUntil)
    }

    /// The right to submit is taken at `now`, if it is granted. What is held for the day's money holds everything behind it.
    public mutating func claimSubmit(_ right: CallPermission, at now: Timestamp, rules: PaceRules) {
        switch right {
        case .granted: claimSubmit(at: now, rules: rules)
        case .held(let moment): spendHoldUntil = moment
        case .ended: break
        }
    }

    /// The right to submit is taken at `now`.
    ///
    /// Until the call is recorded, the next one is put off as if this one lasted as long as a call can last: a process that dies with the
    /// call in flight leaves a pace that holds.
    public mutating func claimSubmit(at now: Timestamp, rules: PaceRules) {
        nextSubmitAt = now + rules.requestTimeout + rules.submitInterval
        plannedSubmitAt = now + rules.submitInterval
    }

    /// A call about jobs ended at `now`: what counts whatever the call was for.
    public mutating func record<Answer>(_ result: CallResult<Answer>, at now: Timestamp, rules: PaceRules) {
        if case .rateLimited(let retryAfter) = result { keepSilent(from: now, retryAfter, rules: rules) }
        if case .unauthorised = result { isTokenRefused = true }
        switch result {
        case .answered, .refused, .gone, .rateLimited, .unauthorised, .unusable, .tooLarge: unanswered = nil
        case .notSent, .noAnswer: noteUnanswered(at: now)
        }
    }

    /// A submission ended at `now`.
    ///
    /// - Parameter isFirstAttempt: Whether the submission was never sent before, as far as attempts are known that came to nothing.
    public mutating func recordSubmit(
        _ result: CallResult<KreaJob>, isFirstAttempt: Bool = true, at now: Timestamp, rules: PaceRules
    ) {
        record(result, at: now, rules: rules)
        let limitedBefore = limitedSubmits
        limitedSubmits = 0
        nextSubmitAt = now + rules.submitInterval
        switch result {
        case .answered: noteTaken(at: now)
        case .refused(let failure):
            if failure.code == .outOfCompute { creditHoldUntil = now + rules.creditPause }
            endLosses()
        case .unauthorised, .gone: endLosses()
        case .rateLimited:
            limitedSubmits = min(limitedBefore, Self.most) + 1
            // Else a backlog that stays full would get a submission at the end of each silence, and no poll would ever come in between.
            nextSubmitAt = now + min(rules.rateLimitPause * (1 << min(limitedBefore, 10)), max(rules.rateLimitPause, .seconds(300)))
        case .notSent: break
        case .noAnswer, .unusable, .tooLarge: noteLoss(isFirstAttempt: isFirstAttempt, at: now, rules: rules)
        }
        plannedSubmitAt = nextSubmitAt
    }

    /// The right to ask for the account's list is taken at `now`.
    public mutating func claimList(at now: Timestamp, rules: PaceRules) {
        nextListAt = now + rules.requestTimeout + rules.pollInterval
    }

    /// A call for the list ended at `now`. While these calls bring nothing they become rarer, up to one in 5 minutes.
    ///
    /// - Parameter isUndecided: Whether it left open what it could have told.
    public mutating func recordList(
        _ result: CallResult<AccountList>, isUndecided: Bool = false, at now: Timestamp, rules: PaceRules
    ) {
        record(result, at: now, rules: rules)
        switch result {
        case .answered where !isUndecided, .tooLarge: listFailures = 0
        case .answered, .refused, .gone, .rateLimited, .unauthorised, .unusable, .notSent, .noAnswer:
            listFailures = min(listFailures, Self.most) + 1
        }
        let backoff = rules.pollInterval * (1 << min(listFailures, 10))
        nextListAt = now + max(rules.pollInterval, min(backoff, .seconds(300)))
    }

    /// A call for the list ended at `now` that only tested a token. Nothing of it counts but a 429: the token may be another than the
    /// service's.
    public mutating func recordCheck(_ result: CallResult<AccountList>, at now: Timestamp, rules: PaceRules) {
        if case .rateLimited(let retryAfter) = result { keepSilent(from: now, retryAfter, rules: rules) }
        nextListAt = now + rules.pollInterval
    }

    /// A dispatcher begins: what it may ask for at its start, and what the operator may have mended meanwhile.
    ///
    /// It asks for Krea's routes, but no more often than a job is polled, however often it is started.
    public mutating func takeOver(rules: PaceRules) {
        isTokenRefused = false
        // The limit may be another one by now; what is next in line finds it out.
        spendHoldUntil = .epoch
        nextCatalogueAt = min(nextCatalogueAt, catalogueAskedAt + rules.pollInterval)
    }

    /// The right to ask for Krea's routes is taken at `now`.
    public mutating func claimCatalogue(at now: Timestamp, rules: PaceRules) {
        catalogueAskedAt = now
        nextCatalogueAt = now + rules.requestTimeout + rules.catalogueRetry
    }

    /// A call for Krea's routes ended at `now`. A document is good for a day.
    public mutating func recordCatalogue(_ result: CallResult<[KreaRoute]>, at now: Timestamp, rules: PaceRules) {
        if case .rateLimited(let retryAfter) = result { keepSilent(from: now, retryAfter, rules: rules) }
        if case .answered = result {
            nextCatalogueAt = now + rules.catalogueInterval
        } else {
            nextCatalogueAt = now + rules.catalogueRetry
        }
    }

    /// A fetch of a picture ended at `now`.
    ///
    /// A 429 counts from any of Krea's hosts; but how long the host of pictures wants to be left alone does not concern the API.
    public mutating func recordPicture(_ result: Result<KeptPicture, PictureFailure>, at now: Timestamp, rules: PaceRules) {
        if case .failure(.limited) = result { keepSilent(from: now, nil, rules: rules) }
    }

    /// The operator wants nothing to be submitted, for the reason in these words. What is at Krea already is asked for as ever.
    public mutating func pause(because words: String) {
        pausedBecause = words
    }

    /// The wall clock was put forward (or back) by `step`: what was so far away is as far away as before.
    public mutating func shift(by step: Duration) {
        nextSubmitAt = nextSubmitAt + step
        plannedSubmitAt = plannedSubmitAt + step
        silentUntil = silentUntil + step
        ruledSilenceUntil = ruledSilenceUntil + step
        creditHoldUntil = creditHoldUntil + step
        lossHoldUntil = lossHoldUntil + step
        latestTakenAt = latestTakenAt + step
        // Midnight is where the clock says; what is next in line finds it out.
        spendHoldUntil = .epoch
        nextListAt = nextListAt + step
        unanswered = unanswered.map { ($0.lowerBound + step)...($0.upperBound + step) }
        nextCatalogueAt = nextCatalogueAt + step
        catalogueAskedAt = catalogueAskedAt + step
    }

    /// How long calls have to get no answer before people are told.
    static let unansweredPatience: Duration = .seconds(30)

    private var isLongUnanswered: Bool { unanswered.map { $0.upperBound - $0.lowerBound >= Self.unansweredPatience } ?? false }

    private mutating func noteUnanswered(at now: Timestamp) {
        guard !isLongUnanswered else { return }
        unanswered = min(unanswered?.lowerBound ?? now, now)...now
    }

    /// Krea's own Retry-After counts when it is longer than ours, up to an hour; a silence is never made shorter.
    private mutating func keepSilent(from now: Timestamp, _ retryAfter: Duration?, rules: PaceRules) {
        ruledSilenceUntil = max(ruledSilenceUntil, now + rules.rateLimitPause)
        silentUntil = max(silentUntil, ruledSilenceUntil, now + min(retryAfter ?? .zero, PaceRules.longestRetryAfter))
    }

    /// Up to where is counted what happens in a row.
    static let most = 1_000_000
}

/// Why jobs wait that could go.
public enum Hold: Hashable, Sendable {
    /// Krea wants silence until then.
    case rateLimited(until: Timestamp)
    /// The balance is used up; the next attempt comes then.
    case outOfCompute(until: Timestamp)
    /// Krea does not accept the token.
    case tokenRefused
    /// What may be spent in a day is spent; the next day begins then.
    case spendLimit(until: Timestamp)
    /// The operator wants it so, for the reason in these words.
    case paused(because: String)
    /// Krea cannot be reached, or gives no answer of use, since then. Calls are tried at their pace.
    case unanswered(since: Timestamp)
    /// Krea answers, but not to the latest submissions; the next attempt comes then.
    case submissionsLost(until: Timestamp)
}

extension Pace {
    /// Why submissions have to wait at `now`, beyond their usual distance.
    ///
    /// - Parameter ofWhatKreaHas: Whether it is asked for what was submitted already: then only counts what holds every call.
    public func hold(at now: Timestamp, ofWhatKreaHas: Bool = false) -> Hold? {
        if isTokenRefused { return .tokenRefused }
        if !ofWhatKreaHas, let pausedBecause { return .paused(because: pausedBecause) }
        if now < silentUntil { return .rateLimited(until: silentUntil) }
        if let unanswered, isLongUnanswered { return .unanswered(since: unanswered.lowerBound) }
        if ofWhatKreaHas { return nil }
        if now < lossHoldUntil { return .submissionsLost(until: lossHoldUntil) }
        if now < creditHoldUntil { return .outOfCompute(until: creditHoldUntil) }
        if now < spendHoldUntil { return .spendLimit(until: spendHoldUntil) }
        return nil
    }
}
