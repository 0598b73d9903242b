import Jobs
import Logging

/// Gives signs of life, and removes what is too old.
struct Upkeep: DispatchService {
    /// How often there is a sign of life.
    static let interval: Duration = .seconds(5)

    let loop: Loop
    private let surroundings: Surroundings
    private let epoch: Int

    init(_ surroundings: Surroundings, _ epoch: Int) {
        self.surroundings = surroundings
        self.epoch = epoch
        loop = Loop(surroundings)
    }

    func work() async {
        await loop.run { try await keepUp() }
    }

    /// Does what is due. Returns when to do it again.
    func keepUp() async throws -> Timestamp? {
        let (epoch, keepFinished) = (epoch, surroundings.keepFinished)
        let (removed, next) = try await surroundings.store { store, now in
            let latest = try store.latestTerm()
            guard latest.epoch == epoch else { throw Superseded() }
            let next = latest.heartbeatAt + Self.interval
            guard now >= next else { return (0, next) }
            try store.heartbeat(epoch, at: now)
            return (try store.removeFinished(before: now - keepFinished), now + Self.interval)
        }
        if removed > 0 { surroundings.logger.info("Removed old jobs", metadata: ["jobs": "\(removed)"]) }
        return next
    }
}
