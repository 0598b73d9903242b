import Jobs
import Logging
import Webhooks

/// Tells programs of the end of their jobs, each end until the other side has taken it.
struct Announcer: DispatchService {
    /// How many messages are on their way at the same time: a slow receiver holds the others up by one attempt at most.
    private static let atOnce = 8

    let rounds: Rounds
    let announcements: @Sendable () -> Announcements?
    private var surroundings: Surroundings { rounds.surroundings }

    func look() async throws -> Timestamp? {
        while !rounds.loop.hasEnded {
            guard let announcements = announcements() else { return nil }
            var due: [(Attempt, QueuedJob)] = []
            var next: Timestamp?
            claiming: while due.count < Self.atOnce {
                switch try surroundings.store({ try $0.claimAnnouncement(by: rounds.epoch, at: $1) }) {
                case .granted(let attempt, let job): due.append((attempt, job))
                case .notBefore(let moment):
                    next = moment
                    break claiming
                case .nothing: break claiming
                }
            }
            guard !due.isEmpty else { return next }
            await withDiscardingTaskGroup { group in
                for (attempt, job) in due { group.addTask { await announce(job, attempt, announcements) } }
            }
        }
        return nil
    }

    private func announce(_ job: QueuedJob, _ attempt: Attempt, _ announcements: Announcements) async {
        var line: Logger.Metadata = ["job": "\(attempt.job)", "attempt": "\(attempt.attempt)"]
        do {
            let now = surroundings.now()
            let message = WebhookMessage(
                id: attempt.messageID, url: attempt.url, body: announcements.body(job, now), attempt: attempt.attempt)
            let outcome = await announcements.sender.send(message, at: now)
            line["outcome"] = "\(outcome.word)"
            let told = try surroundings.store { try $0.recordAnnouncement(outcome, for: attempt, at: $1) }
            line["announcement"] = "\(told.announcement?.state.rawValue ?? "-")"
            let isGivenUp = told.announcement?.state == .failed
            if case .delivered = outcome {
                surroundings.attempts.count(AttemptMeter.Message.delivered)
            } else {
                surroundings.attempts.count(isGivenUp ? AttemptMeter.Message.givenUp : .failed)
            }
            surroundings.logger.log(
                level: isGivenUp ? .warning : .info, isGivenUp ? "Gave up telling of a job's end" : "Told of a job's end", metadata: line)
        } catch {
            // Nothing is lost: the claim has put the next attempt off, and it tells again.
            line["error"] = "\(error)"
            surroundings.logger.error("What became of a message could not be stored", metadata: line)
        }
    }
}
