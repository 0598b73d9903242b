import Jobs
import KreaAPI
import Logging

/// Gives signs of life, removes what is too old, and ends the dispatching when there is no token any more.
struct Maintenance: DispatchService {
    /// How often there is a sign of life.
    static let interval: Duration = .seconds(5)

    let context: ServiceContext
    private var dependencies: Dependencies { context.dependencies }

    func runOnce() async throws -> Timestamp? {
        guard dependencies.krea.hasToken else { throw LeadershipLost() }
        let (removed, next) = try dependencies.store { store, now in
            let latest = try store.latestLeaderTerm()
            guard latest.epoch == context.epoch else { throw LeadershipLost() }
            let next = latest.heartbeatAt + Self.interval
            guard now >= next else { return (0, next) }
            try store.heartbeat(context.epoch, at: now)
            return (try store.removeFinished(before: now - dependencies.keepFinished), now + Self.interval)
        }
        if removed > 0 { dependencies.logger.info("Removed old jobs", metadata: ["jobs": "\(removed)"]) }
        return next
    }
}
