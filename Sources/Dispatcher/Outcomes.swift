public import Jobs
public import KreaAPI

extension SubmitOutcome {
    /// What a failed call that creates a job means for the job. In doubt Krea has it, and nothing is sent again.
    init(_ error: KreaError) {
        switch error {
        case .refused(let words): self = .refused(JobFailure(.refused, detail: words))
        case .contentRefused(let reason, let words): self = .refused(JobFailure(.contentRefused, detail: words, because: reason))
        case .unauthorised(let words): self = .refused(JobFailure(.unauthorised, detail: words))
        case .outOfCredit(let words): self = .refused(JobFailure(.outOfCompute, detail: words))
        case .forbidden(let words): self = .refused(JobFailure(.forbidden, detail: words))
        case .gone(let words, let replacement): self = .routeGone(replacement: replacement, words: words)
        case .limited(let retryAfter): self = .rateLimited(retryAfter: retryAfter)
        case .notSent: self = .notSent
        case .trouble, .unreadable, .tooLarge, .noAnswer: self = .lost
        }
    }
}

extension PollOutcome {
    /// What a failed call that asks for a job means for the job: it is paid, so that nothing but a clear word of Krea ends it.
    init(_ error: KreaError) {
        switch error {
        case .gone: self = .unknownJob
        case .limited(let retryAfter): self = .rateLimited(retryAfter: retryAfter)
        case .unauthorised: self = .unauthorised
        case .notSent: self = .notSent
        case .refused, .contentRefused, .outOfCredit, .forbidden, .trouble, .unreadable, .tooLarge, .noAnswer: self = .noAnswer
        }
    }
}

extension CancelOutcome {
    /// What a failed call that cancels a job means for the job.
    init(_ error: KreaError) {
        switch error {
        case .gone: self = .unknownJob
        case .refused, .contentRefused: self = .refused
        case .limited(let retryAfter): self = .rateLimited(retryAfter: retryAfter)
        case .unauthorised: self = .unauthorised
        case .outOfCredit, .forbidden, .trouble, .unreadable, .tooLarge, .notSent, .noAnswer: self = .noAnswer
        }
    }
}

extension ListOutcome {
    /// What a failed call that asks for the list means.
    public init(_ error: KreaError) {
        switch error {
        case .limited(let retryAfter): self = .rateLimited(retryAfter: retryAfter)
        case .unauthorised: self = .unauthorised
        case .refused, .contentRefused, .gone, .unreadable, .tooLarge: self = .unusable
        case .outOfCredit, .forbidden, .trouble, .notSent, .noAnswer: self = .noAnswer
        }
    }
}

extension CatalogueOutcome {
    /// What a failed call that asks for Krea's routes means.
    init(_ error: KreaError) {
        switch error {
        case .limited(let retryAfter): self = .rateLimited(retryAfter: retryAfter)
        case .refused, .contentRefused, .unauthorised, .outOfCredit, .forbidden, .gone, .trouble, .unreadable, .tooLarge, .notSent,
            .noAnswer:
            self = .noAnswer
        }
    }
}
