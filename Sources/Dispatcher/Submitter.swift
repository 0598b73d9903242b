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
            try await submit($0)
        }
        return [next, nextRecovery].compactMap(\.self).min()
    }

    private func submit(_ granted: GrantedCall) async throws {
        let (call, submission) = (granted.call, granted.submission)
        let route = submission.route ?? ""
        let webhook = dependencies.kreaWebhooks.flatMap { submission.webhookKey?.address(below: $0.publicURL) }
        let submitted = try await context.make(
            call, "Submitted a job to Krea", ["route": "\(route)", "attempt": "\(submission.failedAttempts + 1)"]
        ) { () async throws(KreaError) -> KreaJob in
            try await dependencies.krea.submit(granted.body, to: route, webhook: webhook)
        } record: { result, store, now, line in
            if case .answered(let krea) = result {
                line["krea_job"] = "\(krea.id)"
                line["status"] = "\(krea.status)"
            }
            let job = try store.recordSubmit(result, for: call, at: now)
            line["state"] = "\(job.state.rawValue)"
            return job
        }
        dependencies.warnOfForeignResults(in: submitted, part: call.part)
    }
}
