import Jobs
import KreaAPI
import Logging
public import ServiceLifecycle

/// Brings waiting jobs to Krea, one at a time, in the order in which they came.
public struct Submitter: Service {
    private let surroundings: Surroundings
    private let loop: Loop

    /// A submitter that works from its `run()` on.
    public init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
        loop = Loop(surroundings)
    }

    /// Submits whatever the store grants until it is told to stop; a call that has begun is finished and recorded first.
    public func run() async {
        await loop.run { try await submitWaiting() }
    }

    /// Submits while the store grants it. Returns when to look again, nil for "when the store has changed".
    func submitWaiting() async throws -> Timestamp? {
        let now = surroundings.now
        let nextRecovery = try await settleInterrupted()
        while true {
            switch try await surroundings.store({ try $0.claimSubmit(at: now()) }) {
            case .granted(let job): try await submit(job)
            case .notBefore(let moment): return min(moment, nextRecovery ?? moment)
            case .nothing: return nextRecovery
            }
        }
    }

    private func submit(_ job: Job) async throws {
        let outcome: SubmitOutcome
        var line: Logger.Metadata = ["job": "\(job.id)", "model": "\(job.request.model.id)"]
        do throws(KreaError) {
            let krea = try await surroundings.krea.submit(job.request)
            line["krea_job"] = "\(krea.id)"
            line["status"] = "\(krea.status)"
            outcome = .accepted(krea)
        } catch {
            line["error"] = "\(error.logText)"
            outcome = SubmitOutcome(error)
        }
        // Krea's ID of a paid job is in memory only until this has succeeded.
        do {
            let submitted = try await loop.insist(unless: { $0 is IllegalTransition || $0 is UnknownJob }) {
                let now = surroundings.now()
                return try await surroundings.store { try $0.recordSubmit(outcome, for: job.id, at: now) }
            }
            line["state"] = "\(submitted.state.rawValue)"
            surroundings.logger.info("Submitted a job to Krea", metadata: line)
        } catch {
            line["store_error"] = "\(error)"
            surroundings.logger.critical("What Krea answered could not be stored", metadata: line)
            throw error
        }
    }

    /// Ends the jobs of which nobody can tell whether Krea has them: those whose answer was lost, and those whose call was
    /// interrupted with its process. Returns when the next call that is now being made would count as interrupted.
    private func settleInterrupted() async throws -> Timestamp? {
        let now = surroundings.now()
        let (unconfirmed, next) = try await surroundings.store { store in
            let next = try store.recoverInterruptedSubmits(at: now)
            return (try store.giveUpUnconfirmed(at: now), next)
        }
        for job in unconfirmed {
            surroundings.logger.error(
                "Krea's answer to a submission was lost; it is not sent again",
                metadata: ["job": "\(job.id)", "state": "\(job.state.rawValue)"])
        }
        return next
    }
}
