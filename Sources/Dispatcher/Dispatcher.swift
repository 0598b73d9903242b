// The background services that talk to Krea: Submitter, Poller, Canceller, Reconciler, CatalogueReader and PictureFetcher, and the Dispatcher
// that leads them.
//
// This is the only code that calls KreaAPI. The store's claims decide what may be called and when; the domain decides what an answer
// means. A service only claims, calls and records, all calls through `ServiceContext.make`. This module must not know pages, requests of the web server, or how the store keeps
// things.
//
// Where the next thing goes: a new background service is a file with a `DispatchService`, and a line in `Dispatcher`'s list of them.

import Jobs
import KreaAPI
import Logging
public import ServiceLifecycle

/// Brings jobs to Krea and their pictures back, while no other process does.
///
/// Of all processes on one store one dispatches; the others stand by and take over when it is gone, or when it has given no sign of life
/// for long. That only keeps things quiet: every call is claimed in the store, and a dispatcher that has lost the leadership gets no claim.
public struct Dispatcher: Service {
    /// How often a process that stands by checks whether it is needed.
    static let standbyInterval: Duration = .seconds(1)
    /// How long a dispatcher can give no sign of life before another takes over, though it is still there.
    static let silenceUntilTakeOver: Duration = .seconds(20)

    private let dependencies: Dependencies

    /// A dispatcher that works from its `run()` on.
    public init(_ dependencies: Dependencies) {
        self.dependencies = dependencies
    }

    /// Dispatches or, without a token or while another does, stands by, until it is told to stop; calls that have begun are finished and
    /// recorded first.
    public func run() async {
        await withTaskExecutorPreference(DispatcherExecutor()) { await dispatch() }
    }

    private func dispatch() async {
        let loop = Loop(dependencies)
        var isStandingBy = false
        await withGracefulShutdownHandler {
            await loop.run {
                guard dependencies.krea.hasToken, let epoch = try takeOverIfNeeded() else {
                    if dependencies.krea.hasToken, !isStandingBy {
                        dependencies.logger.info("Standing by: another process dispatches")
                    }
                    isStandingBy = dependencies.krea.hasToken
                    return dependencies.now() + Self.standbyInterval
                }
                isStandingBy = false
                await lead(epoch, until: loop)
                // The one that took over gets time to find itself alone.
                return dependencies.now() + Self.standbyInterval * 3
            }
        } onGracefulShutdown: {
            loop.end()
        }
    }

    /// The epoch of this process, if it has to dispatch from now on.
    func takeOverIfNeeded() throws -> Int? {
        let liveness = dependencies.liveness
        let epoch: Int? = try dependencies.store { store, now in
            let latest = try store.latestLeaderTerm()
            guard liveness.isGone(latest.epoch) || now - latest.heartbeatAt >= Self.silenceUntilTakeOver else { return nil }
            return try store.takeOver(at: now)
        }
        guard let epoch else { return nil }
        try liveness.show(epoch)
        dependencies.logger.info("Dispatching", metadata: ["epoch": "\(epoch)"])
        return epoch
    }

    /// Dispatches until another dispatcher takes over or `outer` is told to end.
    private func lead(_ epoch: Int, until outer: Loop) async {
        let context = { ServiceContext(dependencies, epoch) }
        var services: [any DispatchService] = [
            Submitter(context: context()), Poller(context: context()), Canceller(context: context()), Reconciler(context: context()),
            CatalogueReader(context: context()), Maintenance(context: context()),
        ]
        if let pictures = dependencies.pictures { services.append(PictureFetcher(context: context(), archive: pictures)) }
        services.append(WebhookDeliverer(context: context(), webhookMessages: dependencies.webhookMessages))
        let loops = services.map(\.context.loop)
        outer.whenEnded { for loop in loops { loop.end() } }
        dependencies.leadershipStatus.take(epoch)
        await withDiscardingTaskGroup { group in
            for service in services {
                group.addTask {
                    await service.work()
                    // One that ends by itself has lost the leadership, and so have the others.
                    for loop in loops { loop.end() }
                }
            }
        }
        dependencies.leadershipStatus.take(nil)
        dependencies.liveness.withdraw(epoch)
        dependencies.logger.info("No longer dispatching", metadata: ["epoch": "\(epoch)"])
    }
}
