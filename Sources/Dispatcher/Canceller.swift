import Jobs
import KreaAPI
import Logging

/// Tells Krea which running jobs are no longer wanted. What becomes of them, the Poller hears.
struct Canceller: DispatchService {
    let context: ServiceContext

    func runOnce() async throws -> Timestamp? {
        let krea = context.dependencies.krea
        return try await context.whileGranted {
            try $0.claimCancel(by: $1, at: $2)
        } make: { granted in
            try await context.make(granted.call, "Told Krea to cancel a job") { () async throws(KreaError) -> Accepted in
                try await krea.cancel(granted.submission.kreaID ?? "")
                return Accepted()
            } record: { result, store, now, line in
                let cancelled = try store.recordCancel(result, for: granted.call, at: now)
                line["state"] = "\(cancelled.state.rawValue)"
            }
        }
    }
}
