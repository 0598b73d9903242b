/// A job of Krea's, as Krea last described it.
public struct KreaJob: Hashable, Sendable {
    /// Krea's ID.
    public var id: String
    /// Krea's status word as it came. Krea knows nine; any other word is taken for "not finished".
    public var status: String
    /// When Krea created it, by Krea's clock, if it said so.
    public var createdAt: Timestamp?
    /// The pictures, those addresses only that may be shown.
    public var urls: [String]
    /// The addresses that may not be shown, because of their hosts; some of them, if there are many.
    public var foreignURLs: [String]
    /// Why it failed, from wherever Krea put it.
    public var failure: JobFailure?
    /// What has to be said about the answer, for instance that an address was left out.
    public var warnings: [Warning]

    /// A job as Krea described it.
    public init(
        id: String, status: String, createdAt: Timestamp? = nil, urls: [String] = [], foreignURLs: [String] = [],
        failure: JobFailure? = nil, warnings: [Warning] = []
    ) {
        self.id = id
        self.status = status
        self.createdAt = createdAt
        self.urls = urls
        self.foreignURLs = foreignURLs
        self.failure = failure
        self.warnings = warnings
    }
}

/// How the call that creates and pays a job at Krea ended.
public enum SubmitOutcome: Hashable, Sendable {
    /// Krea has it.
    case accepted(KreaJob)
    /// Krea does not want it, and said so: nothing was created.
    case refused(JobFailure)
    /// 404, 410: there is no such route any more, so that nothing was created. Krea may have named another.
    case routeGone(replacement: String?, words: String?)
    /// 429: nothing was created, and Krea wants silence, for this long if it said how long.
    case rateLimited(retryAfter: Duration?)
    /// The request certainly did not reach Krea.
    case notSent
    /// The request may have reached Krea, and no answer tells what became of it.
    case lost
}

extension SubmitOutcome {
    /// The outcome as it counts: Krea gives each job an ID of its own, so that an answer with one that is known says nothing of this job.
    ///
    /// - Parameter isKnown: Whether an ID of Krea's belongs to a submission.
    public func checked(isKnown: (String) throws -> Bool) rethrows -> SubmitOutcome {
        if case .accepted(let krea) = self, try isKnown(krea.id) { .lost } else { self }
    }
}

/// How a call that asks for a job ended.
public enum PollOutcome: Hashable, Sendable {
    /// Krea described the job.
    case answered(KreaJob)
    /// 429: Krea wants silence, for this long if it said how long.
    case rateLimited(retryAfter: Duration?)
    /// Krea says that it has no such job (404, 410).
    case unknownJob
    /// 401: Krea does not accept our token.
    case unauthorised
    /// The request certainly did not reach Krea.
    case notSent
    /// No answer, or none that says anything about the job.
    case noAnswer
}

/// How a call that cancels a job ended.
public enum CancelOutcome: Hashable, Sendable {
    /// Krea takes it back.
    case accepted
    /// Krea does not cancel it; it may have finished.
    case refused
    /// 429: Krea wants silence, for this long if it said how long.
    case rateLimited(retryAfter: Duration?)
    /// Krea says that it has no such job (404, 410).
    case unknownJob
    /// 401: Krea does not accept our token.
    case unauthorised
    /// No answer, or none that says anything about the job.
    case noAnswer
}

/// How a call that asks for the account's list of jobs ended.
public enum ListOutcome: Hashable, Sendable {
    /// Krea's list, as far as it has been read.
    case answered(AccountList)
    /// The page that was asked for is larger than what is read; a smaller one may do.
    case tooLarge
    /// Krea answered, and it is no list that can be read.
    case unusable
    /// 429: Krea wants silence, for this long if it said how long.
    case rateLimited(retryAfter: Duration?)
    /// 401: Krea does not accept our token.
    case unauthorised
    /// No answer, or none that says anything about the list.
    case noAnswer
}

/// How a call that asks for Krea's document of its routes ended.
public enum CatalogueOutcome: Hashable, Sendable {
    /// The routes that it describes; at least one of a model of ours.
    case answered([KreaRoute])
    /// 429: Krea wants silence, for this long if it said how long.
    case rateLimited(retryAfter: Duration?)
    /// No answer, or none that can be read.
    case noAnswer
}
