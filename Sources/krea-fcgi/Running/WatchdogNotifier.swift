import Logging
import ServiceLifecycle

/// Tells the service manager when the service serves, that it is alive, and that it stops.
struct WatchdogNotifier: ServiceLifecycle.Service {
    /// How soon it is looked again after the service was found not to be alive.
    private static let nextLook: Duration = .seconds(1)

    let manager: SystemdNotifier
    let logger: Logger
    let clock: any Clock<Duration>
    /// Whether the service answers (``Pulse``). It returns when its task is cancelled.
    let isAlive: @Sendable () async -> Bool

    /// Says `READY=1` once the service is alive, `WATCHDOG=1` at half of the service manager's patience for as long as it is, and
    /// `STOPPING=1` when it has been told to stop.
    func run() async {
        await cancelWhenGracefulShutdown { await tellOfLife() }
        manager.tell("STOPPING=1")
    }

    private func tellOfLife() async {
        var isReady = false
        while !Task.isCancelled {
            let isAlive = await isAlive()
            guard !Task.isCancelled else { return }
            if isAlive {
                if !manager.tell(isReady ? "WATCHDOG=1" : "READY=1\nWATCHDOG=1") {
                    logger.warning("The service manager cannot be told how the service is.")
                }
                isReady = true
            } else {
                logger.error("The service manager is not told of life: no request is taken up, or the store cannot be read.")
            }
            guard let patience = manager.patience ?? (isAlive ? nil : Self.nextLook * 2) else {
                try? await gracefulShutdown()
                return
            }
            try? await clock.sleep(for: isAlive ? patience / 2 : Self.nextLook)
        }
    }
}
