import Jobs
import KreaAPI
import Logging
public import ServiceLifecycle

/// Asks Krea how the running jobs are getting on, each at its own pace.
public struct Poller: Service {
    private let surroundings: Surroundings
    private let loop: Loop

    /// A poller that works from its `run()` on.
    public init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
        loop = Loop(surroundings)
    }

    /// Polls whatever the store grants until it is told to stop; polls that have begun are finished and recorded first.
    ///
    /// A slow answer about one job holds up no other.
    public func run() async {
        await withDiscardingTaskGroup { group in
            await loop.run {
                try await claimDue { job in
                    group.addTask { await poll(job) }
                }
            }
        }
    }

    /// Hands every job whose poll is due to `start`. Returns when to look again, nil for "when the store has changed".
    func claimDue(_ start: (Job) async -> Void) async throws -> Timestamp? {
        let now = surroundings.now
        while true {
            switch try await surroundings.store({ try $0.claimPoll(at: now()) }) {
            case .granted(let job): await start(job)
            case .notBefore(let moment): return moment
            case .nothing: return nil
            }
        }
    }

    /// Makes the one call that was claimed for `job`, and records what came of it.
    func poll(_ job: Job) async {
        guard let kreaID = job.submission.kreaID else { return }
        let outcome: PollOutcome
        var line: Logger.Metadata = ["job": "\(job.id)", "krea_job": "\(kreaID)", "poll": "\(job.submission.polls)"]
        do throws(KreaError) {
            let krea = try await surroundings.krea.job(kreaID)
            line["status"] = "\(krea.status)"
            outcome = .answered(krea)
        } catch {
            line["error"] = "\(error.logText)"
            outcome = PollOutcome(error)
        }
        do {
            let now = surroundings.now()
            let polled = try await surroundings.store { try $0.recordPoll(outcome, for: job.id, at: now) }
            line["state"] = "\(polled.state.rawValue)"
            surroundings.logger.info("Asked Krea for a job", metadata: line)
        } catch {
            // Nothing is lost: the claim has put the next poll off, and it asks again.
            line["store_error"] = "\(error)"
            surroundings.logger.error("What Krea answered could not be stored", metadata: line)
        }
    }
}
