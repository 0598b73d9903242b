import Jobs
import KreaAPI
import Logging

/// Asks Krea how the running jobs are getting on, each at its own pace.
struct Poller: DispatchService {
    let context: ServiceContext

    /// A slow answer about one job delays no other.
    func work() async {
        await withDiscardingTaskGroup { group in
            await context.loop.run {
                try await claimDue { granted in
                    group.addTask { await poll(granted) }
                }
            }
        }
    }

    /// One poll after the other.
    func runOnce() async throws -> Timestamp? {
        try await claimDue { await poll($0) }
    }

    private func claimDue(_ start: (GrantedCall) async -> Void) async throws -> Timestamp? {
        try await context.whileGranted {
            try $0.claimPoll(by: $1, at: $2)
        } make: {
            await start($0)
        }
    }

    private func poll(_ granted: GrantedCall) async {
        let (call, before) = (granted.call, granted.submission)
        // Nothing is lost when the record fails: the claim has put the next poll off, and it asks again.
        let polled = try? await context.make(call, "Asked Krea for a job", ["poll": "\(before.polls)"]) {
            () async throws(KreaError) -> KreaJob in
            try await context.dependencies.krea.job(before.kreaID ?? "")
        } record: { result, store, now, line in
            if case .answered(let krea) = result { line["status"] = "\(krea.status)" }
            let job = try store.recordPoll(result, for: call, at: now)
            line["state"] = "\(job.state.rawValue)"
            return job
        }
        guard let polled else { return }
        // While this poll went on, the next one was further away.
        if let next = polled[call.part].pollDueAt { context.loop.resume(at: next) }
        context.dependencies.warnOfForeignResults(in: polled, part: call.part, before: granted.job)
    }
}
