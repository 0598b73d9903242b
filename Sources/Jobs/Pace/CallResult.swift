/// How a call to Krea ended.
public enum CallResult<Answer: Hashable & Sendable>: Hashable, Sendable {
    /// Krea did what it was asked for.
    case answered(Answer)
    /// Krea refused for this reason: nothing was done.
    case refused(JobFailure)
    /// 404, 410: Krea no longer has such a route or job. Nothing was done; Krea may have named another route.
    case gone(replacement: String? = nil, words: String? = nil)
    /// 429: nothing was done, and Krea wants silence, for this long if it said how long.
    case rateLimited(retryAfter: Duration?)
    /// 401: Krea does not accept our token, in these words of its own.
    case unauthorised(words: String? = nil)
    /// Krea's list cannot be read.
    case unusable
    /// The page of Krea's list is larger than what is read; a smaller one may do.
    case tooLarge
    /// The request certainly did not reach Krea.
    case notSent
    /// The request may have reached Krea, and no answer tells what became of it.
    case noAnswer
}

/// Krea's answer to a call that it has taken without a further word.
public struct Accepted: Hashable, Sendable {
    /// The one value.
    public init() {}
}

extension CallResult {
    /// The result in one of a few words, for the ledger and for metrics.
    public func outcome(of kind: Call.Kind) -> CallOutcome {
        switch self {
        case .answered: kind == .submit || kind == .cancel ? .accepted : .answered
        case .refused(let failure): CallOutcome(rawValue: failure.code.rawValue)
        case .gone: kind == .submit ? .routeGone : .unknownJob
        case .rateLimited: .rateLimited
        case .unauthorised: .unauthorised
        case .unusable: .unusable
        case .tooLarge: .tooLarge
        case .notSent: .notSent
        case .noAnswer: kind == .submit ? .lost : .noAnswer
        }
    }
}

extension CallResult<KreaJob> {
    /// The result of a poll in one word, for the ledger: Krea's own word for the state of the job, if it gave one.
    public var pollOutcome: CallOutcome {
        if case .answered(let krea) = self { CallOutcome(rawValue: krea.status) } else { outcome(of: .poll) }
    }

    /// The result of a submission as it counts: Krea gives each job an ID of its own, so an answer with a known ID says nothing of this job.
    ///
    /// - Parameter isKnown: Whether an ID of Krea's belongs to a submission.
    public func checked(isKnown: (String) throws -> Bool) rethrows -> Self {
        if case .answered(let krea) = self, try isKnown(krea.id) { .noAnswer } else { self }
    }
}
