// The background services that talk to Krea: Submitter, Poller, Canceller, Reconciler, CatalogueReader and Archiver, and the Dispatcher
// that leads them.
//
// This is the only code that calls KreaAPI. What may be called and when is decided by the store's claims; what an answer
// means is decided by the domain. Here is only the going round: claim, call, record. This module must not know pages,
// requests of the web server, or how the store keeps things.

import Jobs
import KreaAPI
import Logging
public import ServiceLifecycle

/// Brings jobs to Krea and their pictures back, while no other process does.
///
/// Of all processes on one store one dispatches; the others stand by and take over when it is gone, or when it has given no sign of life
/// for long. That is for quiet only: every call is claimed in the store, and a dispatcher that was superseded gets no claim any more.
public struct Dispatcher: Service {
    /// How often a process that stands by looks whether it is needed.
    static let standbyInterval: Duration = .seconds(1)
    /// How long a dispatcher can give no sign of life before another takes over, though it is still there.
    static let silenceUntilTakeOver: Duration = .seconds(20)

    private let surroundings: Surroundings

    /// A dispatcher that works from its `run()` on.
    public init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
    }

    /// Dispatches or, without a token or while another does, stands by, until it is told to stop; calls that have begun are finished and
    /// recorded first.
    public func run() async {
        await withTaskExecutorPreference(DispatcherThread()) { await dispatch() }
    }

    private func dispatch() async {
        let loop = Loop(surroundings)
        var isStandingBy = false
        await withGracefulShutdownHandler {
            await loop.run {
                guard surroundings.krea.hasToken, let epoch = try takeOverIfNeeded() else {
                    if surroundings.krea.hasToken, !isStandingBy { surroundings.logger.info("Standing by: another process dispatches") }
                    isStandingBy = surroundings.krea.hasToken
                    return surroundings.now() + Self.standbyInterval
                }
                isStandingBy = false
                await lead(epoch, until: loop)
                // Whoever took over gets time to find itself alone.
                return surroundings.now() + Self.standbyInterval * 3
            }
        } onGracefulShutdown: {
            loop.end()
        }
    }

    /// The epoch of this process, if it has to dispatch from now on.
    func takeOverIfNeeded() throws -> Int? {
        let presence = surroundings.presence
        let epoch: Int? = try surroundings.store { store, now in
            let latest = try store.latestTerm()
            guard presence.isGone(latest.epoch) || now - latest.heartbeatAt >= Self.silenceUntilTakeOver else { return nil }
            return try store.takeOver(at: now)
        }
        guard let epoch else { return nil }
        try presence.show(epoch)
        surroundings.logger.info("Dispatching", metadata: ["epoch": "\(epoch)"])
        return epoch
    }

    /// Dispatches until another dispatcher takes over or `outer` is told to end.
    private func lead(_ epoch: Int, until outer: Loop) async {
        let rounds = { Rounds(surroundings, epoch) }
        var services: [any DispatchService] = [
            Submitter(rounds: rounds()), Poller(rounds: rounds()), Canceller(rounds: rounds()), Reconciler(rounds: rounds()),
            CatalogueReader(rounds: rounds()), Upkeep(rounds: rounds()),
        ]
        if let pictures = surroundings.pictures { services.append(Archiver(rounds: rounds(), archive: pictures)) }
        services.append(Announcer(rounds: rounds(), announcements: surroundings.announcements))
        let loops = services.map(\.rounds.loop)
        outer.whenEnded { for loop in loops { loop.end() } }
        surroundings.standing.take(epoch)
        await withDiscardingTaskGroup { group in
            for service in services {
                group.addTask {
                    await service.work()
                    // One that ends by itself was superseded, and so are the others.
                    for loop in loops { loop.end() }
                }
            }
        }
        surroundings.standing.take(nil)
        surroundings.presence.withdraw(epoch)
        surroundings.logger.info("No longer dispatching", metadata: ["epoch": "\(epoch)"])
    }
}
