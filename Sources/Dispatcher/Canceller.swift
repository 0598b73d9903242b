import Jobs
import KreaAPI
import Logging

/// Tells Krea which running jobs are not wanted any more. What becomes of them, the Poller hears.
struct Canceller: DispatchService {
    let context: ServiceContext
    private var dependencies: Dependencies { context.dependencies }

    func runOnce() async throws -> Timestamp? {
        try await context.whileGranted {
            try $0.claimCancel(by: $1, at: $2)
        } make: {
            try await cancel($0, $1)
        }
    }

    private func cancel(_ job: Job, _ call: Call) async throws {
        let outcome: CancelOutcome
        var line: Logger.Metadata
        let measured = dependencies.meter.begin(call, clock: dependencies.clock)
        do throws(KreaError) {
            try await dependencies.krea.cancel(job[call.part].kreaID ?? "")
            outcome = .accepted
            line = measured.end(outcome.word)
        } catch {
            outcome = CancelOutcome(error)
            line = measured.end(outcome.word, error)
        }
        let cancelled = try dependencies.store { try $0.recordCancel(outcome, for: call, at: $1) }
        line["state"] = "\(cancelled.state.rawValue)"
        dependencies.logger.info("Told Krea to cancel a job", metadata: line)
    }
}
