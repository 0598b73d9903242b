import Jobs
import KreaAPI
import Logging

/// Asks Krea how the running jobs are getting on, each at its own pace.
struct Poller: DispatchService {
    let loop: Loop
    private let surroundings: Surroundings
    private let epoch: Int

    init(_ surroundings: Surroundings, _ epoch: Int) {
        self.surroundings = surroundings
        self.epoch = epoch
        loop = Loop(surroundings)
    }

    /// A slow answer about one job holds up no other.
    func work() async {
        await withDiscardingTaskGroup { group in
            await loop.run {
                try await claimDue { job, call in
                    group.addTask { await poll(job, call) }
                }
            }
        }
    }

    /// Hands every job whose poll is due to `start`. Returns when to look again, nil for "when the store has changed".
    func claimDue(_ start: (Job, Call) async -> Void) async throws -> Timestamp? {
        let epoch = epoch
        while !loop.hasEnded {
            switch try await surroundings.store({ try $0.claimPoll(by: epoch, at: $1) }) {
            case .granted(let call, let job): await start(job, call)
            case .notBefore(let moment): return moment
            case .nothing: return nil
            }
        }
        return nil
    }

    /// Makes the one call that was claimed for `job`, and records what came of it.
    func poll(_ job: Job, _ call: Call) async {
        let outcome: PollOutcome
        var line: Logger.Metadata = ["job": "\(job.id)", "poll": "\(job.submission.polls)"]
        do throws(KreaError) {
            let krea = try await surroundings.krea.job(job.submission.kreaID ?? "")
            line["status"] = "\(krea.status)"
            outcome = .answered(krea)
        } catch {
            line["error"] = "\(error.logText)"
            outcome = PollOutcome(error)
        }
        do {
            let polled = try await surroundings.store { try $0.recordPoll(outcome, for: call, at: $1) }
            line["state"] = "\(polled.state.rawValue)"
            surroundings.logger.info("Asked Krea for a job", metadata: line)
        } catch {
            // Nothing is lost: the claim has put the next poll off, and it asks again.
            line["store_error"] = "\(error)"
            surroundings.logger.error("What Krea answered could not be stored", metadata: line)
        }
    }
}
