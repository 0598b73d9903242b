public import Jobs
public import KreaAPI

extension CallResult {
    /// What a failed call of this kind means.
    ///
    /// In doubt Krea has done what it was asked for: a paid job is sent again, or given up, only on a clear word of Krea's. What says
    /// nothing of use about a call of this kind counts as no answer.
    public init(_ error: KreaError, of kind: Call.Kind) {
        switch (error, kind) {
        case (.limited(let retryAfter), _): self = .rateLimited(retryAfter: retryAfter)
        case (.notSent, _): self = .notSent
        // The document is public, so that an answer about it says nothing of the token, the account or jobs.
        case (_, .catalogue): self = .noAnswer
        case (.unauthorised(let words), _): self = .unauthorised(words: words)
        case (.refused(let words), .submit), (.refused(let words), .cancel), (.contentRefused(_, let words), .cancel):
            self = .refused(JobFailure(.refused, detail: words))
        case (.contentRefused(let reason, let words), .submit):
            self = .refused(JobFailure(.contentRefused, detail: words, because: reason))
        case (.outOfCredit(let words), .submit): self = .refused(JobFailure(.outOfCompute, detail: words))
        case (.forbidden(let words), .submit): self = .refused(JobFailure(.forbidden, detail: words))
        case (.refused, .list), (.contentRefused, .list), (.gone, .list), (.unreadable, .list): self = .unusable
        case (.tooLarge, .list): self = .tooLarge
        case (.gone(let words, let replacement), _): self = .gone(replacement: replacement, words: words)
        case (.refused, _), (.contentRefused, _), (.outOfCredit, _), (.forbidden, _), (.trouble, _), (.unreadable, _), (.tooLarge, _),
            (.noAnswer, _):
            self = .noAnswer
        }
    }
}
