import Jobs
import KreaAPI
import Logging

/// Brings waiting jobs to Krea, one at a time, in the order in which they came.
struct Submitter: DispatchService {
    let rounds: Rounds
    private var surroundings: Surroundings { rounds.surroundings }

    func look() async throws -> Timestamp? {
        let nextRecovery = try surroundings.store { store, now in
            try store.recoverInterruptedSubmits(at: now) { $0 != rounds.epoch && surroundings.presence.isGone($0) }
        }
        let next = try await rounds.whileGranted {
            try $0.claimSubmit(by: $1, at: $2, webhookKey: surroundings.callbacks?.newKey())
        } make: {
            try await submit($0, $1)
        }
        return [next, nextRecovery].compactMap(\.self).min()
    }

    private func submit(_ job: Job, _ call: Call) async throws {
        let outcome: SubmitOutcome
        let path = job[call.part].route ?? ""
        // A route that has left the catalogue since it was claimed, a moment ago, has at least a prompt.
        let route = try surroundings.store { store, _ in try store.catalogue().route(at: path) } ?? KreaRoute(path: path, fields: [:])
        let body = RouteBody(job.request, to: route, pictures: job[call.part].pictures)
        var line: Logger.Metadata
        let webhook = surroundings.callbacks.flatMap { job[call.part].webhookKey?.address(below: $0.publicURL) }
        let measured = surroundings.meter.begin(call, clock: surroundings.clock)
        do throws(KreaError) {
            let krea = try await surroundings.krea.submit(body.members, to: path, webhook: webhook)
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
            let submitted = try await rounds.loop.insist {
                try surroundings.store { try $0.recordSubmit(outcome, for: call, at: $1) }
            }
            line["state"] = "\(submitted.state.rawValue)"
            surroundings.logger.info("Submitted a job to Krea", metadata: line)
            surroundings.warnOfForeignResults(in: submitted, part: call.part)
        } catch {
            line["store_error"] = "\(error)"
            surroundings.logger.critical("What Krea answered could not be stored", metadata: line)
            throw error
        }
    }
}
