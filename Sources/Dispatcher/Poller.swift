import Jobs
import KreaAPI
import Logging

/// Asks Krea how the running jobs are getting on, each at its own pace.
struct Poller: DispatchService {
    let context: ServiceContext
    private var dependencies: Dependencies { context.dependencies }

    /// A slow answer about one job holds up no other.
    func work() async {
        await withDiscardingTaskGroup { group in
            await context.loop.run {
                try await claimDue { job, call in
                    group.addTask { await poll(job, call) }
                }
            }
        }
    }

    /// One poll after the other.
    func runOnce() async throws -> Timestamp? {
        try await claimDue { await poll($0, $1) }
    }

    private func claimDue(_ start: (Job, Call) async -> Void) async throws -> Timestamp? {
        try await context.whileGranted {
            try $0.claimPoll(by: $1, at: $2)
        } make: {
            await start($0, $1)
        }
    }

    /// Makes the one call that was claimed for `job`, and records what came of it.
    private func poll(_ job: Job, _ call: Call) async {
        let outcome: PollOutcome
        var line: Logger.Metadata
        let measured = dependencies.meter.begin(call, clock: dependencies.clock)
        do throws(KreaError) {
            let krea = try await dependencies.krea.job(job[call.part].kreaID ?? "")
            outcome = .answered(krea)
            line = measured.end(outcome.measure)
            line["status"] = "\(krea.status)"
        } catch {
            outcome = PollOutcome(error)
            line = measured.end(outcome.measure, error)
        }
        line["poll"] = "\(job[call.part].polls)"
        do {
            let polled = try dependencies.store { try $0.recordPoll(outcome, for: call, at: $1) }
            // While this poll went on, the next one was further away.
            if let next = polled[call.part].pollDueAt { context.loop.resume(at: next) }
            line["state"] = "\(polled.state.rawValue)"
            dependencies.logger.info("Asked Krea for a job", metadata: line)
            dependencies.warnOfForeignResults(in: polled, part: call.part, before: job)
        } catch {
            // Nothing is lost: the claim has put the next poll off, and it asks again.
            line["store_error"] = "\(error)"
            dependencies.logger.error("What Krea answered could not be stored", metadata: line)
        }
    }
}
