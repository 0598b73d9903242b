import Jobs
import KreaAPI
import Logging

/// Gives signs of life, removes what is too old, and ends the dispatching when there is no token any more.
struct Upkeep: DispatchService {
    /// How often there is a sign of life.
    static let interval: Duration = .seconds(5)

    let rounds: Rounds
    private var surroundings: Surroundings { rounds.surroundings }

    func look() async throws -> Timestamp? {
        guard surroundings.krea.hasToken else { throw Superseded() }
        let (removed, next) = try surroundings.store { store, now in
            let latest = try store.latestTerm()
            guard latest.epoch == rounds.epoch else { throw Superseded() }
            let next = latest.heartbeatAt + Self.interval
            guard now >= next else { return (0, next) }
            try store.heartbeat(rounds.epoch, at: now)
            return (try store.removeFinished(before: now - surroundings.keepFinished), now + Self.interval)
        }
        if removed > 0 { surroundings.logger.info("Removed old jobs", metadata: ["jobs": "\(removed)"]) }
        return next
    }
}
