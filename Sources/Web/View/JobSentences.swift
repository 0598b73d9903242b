import Jobs

/// Sentences about a job at one moment, in one language.
struct JobSentences {
    let view: JobView
    let texts: any Texts
    /// Marks foreign words: ``Isolation/marked(_:)`` for pages, nothing for programs.
    var foreign: (String) -> String = { $0 }

    /// The state in one line.
    var message: String {
        if let hold { return hold }
        let job = view.job
        if job.isCancelWanted { return work }
        return switch job.state {
        case .waiting: earlier + texts.waiting(place, from: view.startsAt?.text(at: view.now))
        case .submitting, .unconfirmed: work
        case .running: texts.running(work, until: view.expectedAt?.text(at: view.now))
        case .completed: texts.generated(job.usedModels, foreign(job.request.summary))
        case .failed, .cancelled, .timedOut: texts.failure(job.failure ?? JobFailure(.generationFailed))
        }
    }

    /// A waiting job's place in the queue.
    var place: String { texts.place(view.position) }

    /// A waiting job's earlier attempts, with a space after it; empty if there were none.
    var earlier: String {
        let count = view.job.failedAttempts
        return count > 0 ? texts.neverArrived(count) + " " : ""
    }

    /// Up to this length, a silence is told without its end.
    static let shortSilence: Duration = .seconds(60)

    /// The progress of a job that has left the queue and not ended.
    var work: String {
        let job = view.job
        if job.isCancelWanted { return texts.beingCancelled }
        return switch job.state {
        case .running where job.submissions.count > 1:
            texts.made(job.submissions.count { $0.state == .completed }, of: job.submissions.count)
        case .submitting: texts.beingSent
        case .unconfirmed: texts.beingChecked
        default: texts.working(foreign(job.status))
        }
    }

    /// Why the job is on hold; nil if it is not.
    var hold: String? {
        switch view.hold {
        case .rateLimited(let until): texts.rateLimited(until: until - view.now > Self.shortSilence ? until.text(at: view.now) : nil)
        case .outOfCompute(let until): texts.outOfCompute(until: until.text(at: view.now))
        case .tokenRefused: texts.tokenRefused
        case .spendLimit(let until): texts.moneySpent(until: until.text(at: view.now))
        case .submissionsLost(let until): texts.submissionsLost(until: until.text(at: view.now))
        case .paused(let words): texts.paused(because: foreign(words))
        case .unanswered(let since): texts.unanswered(since: since.text(at: view.now))
        case nil: nil
        }
    }

    /// The state of the webhook delivery; nil without one.
    var delivery: String? {
        guard let delivery = view.job.delivery else { return nil }
        let host = delivery.host
        return switch delivery.state {
        case .delivered: texts.told(host)
        case .failed: texts.notTold(host, delivery.outcome)
        case .pending:
            texts.telling(
                host, attempt: delivery.attempts > 0 ? delivery.attempts + 1 : nil,
                at: delivery.nextAttemptAt?.text(at: view.now))
        }
    }
}
