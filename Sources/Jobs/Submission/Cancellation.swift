/// Taking a submission back.
extension Submission {
    /// It is no longer wanted.
    ///
    /// What waits is cancelled at once and never sent. What Krea has, or may have, is only marked: the dispatcher tells Krea as soon as
    /// Krea's ID is known, and the end is what Krea says. Marking it twice changes nothing.
    ///
    /// - Throws: ``AlreadyFinished`` when there is nothing left to cancel.
    public mutating func cancel(at now: Timestamp) throws {
        switch state {
        case .waiting:
            try finish(.cancelled, JobFailure(.cancelledBefore), at: now)
        case .submitting, .unconfirmed:
            isCancelWanted = true
        case .running:
            if !isCancelWanted { nextCancelAt = now }
            isCancelWanted = true
        case .completed, .failed, .cancelled, .timedOut:
            throw AlreadyFinished()
        }
    }

    /// The right to tell Krea once is taken; it is told again only when that call brought nothing.
    public mutating func claimForCancel(at now: Timestamp, rules: PaceRules) {
        nextCancelAt = now + rules.requestTimeout + rules.pollInterval
    }

    /// The call that told Krea has ended. What becomes of the job, the next poll tells.
    ///
    /// A submission that has come to its end meanwhile stays as it is.
    public mutating func recordCancel(_ result: CallResult<Accepted>, at now: Timestamp, rules: PaceRules) throws {
        guard state == .running else { return }
        switch result {
        case .answered, .refused: nextCancelAt = nil
        case .gone: try finish(.cancelled, JobFailure(.cancelled), at: now)
        case .rateLimited, .unauthorised, .unusable, .tooLarge, .notSent, .noAnswer: nextCancelAt = now + rules.pollInterval
        }
    }
}

/// There is nothing left to cancel: the job has come to its end.
public struct AlreadyFinished: Error, Hashable, Sendable {
    /// The one value.
    public init() {}
}
