import Jobs
import Logging
import Webhooks

/// Tells programs of the end of their jobs, each end until the other side has taken it.
struct WebhookDeliverer: DispatchService {
    /// How many messages are on their way at the same time: a slow receiver delays the others by one attempt at most.
    private static let atOnce = 8

    let context: ServiceContext
    let webhookMessages: @Sendable () -> WebhookMessages?
    private var dependencies: Dependencies { context.dependencies }

    func runOnce() async throws -> Timestamp? {
        while !context.loop.hasEnded {
            guard let webhookMessages = webhookMessages() else { return nil }
            var due: [GrantedDelivery] = []
            var next: Timestamp?
            claiming: while due.count < Self.atOnce {
                switch try dependencies.store({ try $0.claimDelivery(by: context.epoch, at: $1) }) {
                case .granted(let granted): due.append(granted)
                case .notBefore(let moment):
                    next = moment
                    break claiming
                case .nothing: break claiming
                }
            }
            guard !due.isEmpty else { return next }
            await withDiscardingTaskGroup { group in
                for granted in due { group.addTask { await deliver(granted, webhookMessages) } }
            }
        }
        return nil
    }

    private func deliver(_ granted: GrantedDelivery, _ webhookMessages: WebhookMessages) async {
        let (attempt, job) = (granted.attempt, granted.job)
        var line: Logger.Metadata = ["job": "\(attempt.job)", "attempt": "\(attempt.attempt)"]
        do {
            let now = dependencies.now()
            let message = WebhookMessage(
                id: attempt.messageID, url: attempt.url, body: webhookMessages.body(job, now), attempt: attempt.attempt)
            let outcome = await webhookMessages.sender.send(message, at: now)
            line["outcome"] = "\(outcome.word)"
            let told = try dependencies.store { try $0.recordDelivery(outcome, for: attempt, at: $1) }
            line["delivery"] = "\(told.delivery?.state.rawValue ?? "-")"
            let isGivenUp = told.delivery?.state == .failed
            if case .delivered = outcome {
                dependencies.attempts.count(AttemptMeter.Message.delivered)
            } else {
                dependencies.attempts.count(isGivenUp ? AttemptMeter.Message.givenUp : .failed)
            }
            dependencies.logger.log(
                level: isGivenUp ? .warning : .info, isGivenUp ? "Gave up telling of a job's end" : "Told of a job's end", metadata: line)
        } catch {
            // Nothing is lost: the claim has put the next attempt off, and it tells again.
            line["error"] = "\(error)"
            dependencies.logger.error("What became of a message could not be stored", metadata: line)
        }
    }
}
