import Jobs
import KreaAPI
import Logging

/// Tells Krea which running jobs are not wanted any more. What becomes of them, the Poller hears.
struct Canceller: DispatchService {
    let rounds: Rounds
    private var surroundings: Surroundings { rounds.surroundings }

    func look() async throws -> Timestamp? {
        try await rounds.whileGranted {
            try $0.claimCancel(by: $1, at: $2)
        } make: {
            try await cancel($0, $1)
        }
    }

    private func cancel(_ job: Job, _ call: Call) async throws {
        let outcome: CancelOutcome
        var line: Logger.Metadata
        let measured = surroundings.meter.begin(call, clock: surroundings.clock)
        do throws(KreaError) {
            try await surroundings.krea.cancel(job[call.part].kreaID ?? "")
            outcome = .accepted
            line = measured.end(outcome.word)
        } catch {
            outcome = CancelOutcome(error)
            line = measured.end(outcome.word, error)
        }
        let cancelled = try surroundings.store { try $0.recordCancel(outcome, for: call, at: $1) }
        line["state"] = "\(cancelled.state.rawValue)"
        surroundings.logger.info("Told Krea to cancel a job", metadata: line)
    }
}
