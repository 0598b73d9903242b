import Jobs
import KreaAPI
import Logging

/// Brings waiting jobs to Krea, one at a time, in the order in which they came.
struct Submitter: DispatchService {
    let context: ServiceContext
    private var dependencies: Dependencies { context.dependencies }

    func runOnce() async throws -> Timestamp? {
        let nextRecovery = try dependencies.store { store, now in
            try store.recoverInterruptedSubmits(at: now) { $0 != context.epoch && dependencies.liveness.isGone($0) }
        }
        let next = try await context.whileGranted {
            try $0.claimSubmit(by: $1, at: $2, webhookKey: dependencies.kreaWebhooks?.newKey())
        } make: {
            try await submit($0, $1)
        }
        return [next, nextRecovery].compactMap(\.self).min()
    }

    private func submit(_ job: Job, _ call: Call) async throws {
        let outcome: SubmitOutcome
        let path = job[call.part].route ?? ""
        // A route that has left the catalogue since it was claimed, a moment ago, has at least a prompt.
        let route = try dependencies.store { store, _ in try store.catalogue().route(at: path) } ?? KreaRoute(path: path, fields: [:])
        let body = RouteBody(job.request, to: route, pictures: job[call.part].pictures)
        var line: Logger.Metadata
        let webhook = dependencies.kreaWebhooks.flatMap { job[call.part].webhookKey?.address(below: $0.publicURL) }
        let measured = dependencies.meter.begin(call, clock: dependencies.clock)
        do throws(KreaError) {
            let krea = try await dependencies.krea.submit(body.members, to: path, webhook: webhook)
            outcome = .accepted(krea)
            line = measured.end(outcome.word)
            line["krea_job"] = "\(krea.id)"
            line["status"] = "\(krea.status)"
        } catch {
            outcome = SubmitOutcome(error)
            line = measured.end(outcome.word, error)
        }
        line["route"] = "\(path)"
        line["attempt"] = "\(job[call.part].failedAttempts + 1)"

        // Krea's ID of a paid job is in memory only until this has succeeded. If it never does, Krea's list has it.
        do {
            let submitted = try await context.loop.insist {
                try dependencies.store { try $0.recordSubmit(outcome, for: call, at: $1) }
            }
            line["state"] = "\(submitted.state.rawValue)"
            dependencies.logger.info("Submitted a job to Krea", metadata: line)
            dependencies.warnOfForeignResults(in: submitted, part: call.part)
        } catch {
            line["store_error"] = "\(error)"
            dependencies.logger.critical("What Krea answered could not be stored", metadata: line)
            throw error
        }
    }
}
