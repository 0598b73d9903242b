import Jobs
import KreaAPI
import Logging

/// Tells Krea which running jobs are not wanted any more. What becomes of them, the Poller hears.
struct Canceller: DispatchService {
    let loop: Loop
    private let surroundings: Surroundings
    private let epoch: Int

    init(_ surroundings: Surroundings, _ epoch: Int) {
        self.surroundings = surroundings
        self.epoch = epoch
        loop = Loop(surroundings)
    }

    func work() async {
        await loop.run { try await cancelUnwanted() }
    }

    /// Cancels while the store grants it. Returns when to look again, nil for "when the store has changed".
    func cancelUnwanted() async throws -> Timestamp? {
        let epoch = epoch
        while !loop.hasEnded {
            switch try await surroundings.store({ try $0.claimCancel(by: epoch, at: $1) }) {
            case .granted(let call, let job): try await cancel(job, call)
            case .notBefore(let moment): return moment
            case .nothing: return nil
            }
        }
        return nil
    }

    private func cancel(_ job: Job, _ call: Call) async throws {
        let outcome: CancelOutcome
        var line: Logger.Metadata = ["job": "\(job.id)"]
        do throws(KreaError) {
            try await surroundings.krea.cancel(job.submission.kreaID ?? "")
            outcome = .accepted
        } catch {
            line["error"] = "\(error.logText)"
            outcome = CancelOutcome(error)
        }
        let cancelled = try await surroundings.store { try $0.recordCancel(outcome, for: call, at: $1) }
        line["state"] = "\(cancelled.state.rawValue)"
        surroundings.logger.info("Told Krea to cancel a job", metadata: line)
    }
}
