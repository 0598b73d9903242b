import Logging
import ServiceLifecycle

/// Notifies the service manager that the service is ready, alive or stopping.
struct WatchdogNotifier: ServiceLifecycle.Service {
    /// The time to the next check after the service was not alive.
    private static let retryInterval: Duration = .seconds(1)

    let manager: SystemdNotifier
    let logger: Logger
    let clock: any Clock<Duration>
    /// Whether the service is alive (``Pulse``). Returns early if its task is cancelled.
    let isAlive: @Sendable () async -> Bool

    /// Sends `READY=1` once the service is alive, `WATCHDOG=1` at half the service manager's patience while it is, and `STOPPING=1` when it
    /// stops.
    func run() async {
        await cancelWhenGracefulShutdown { await notifyWhileAlive() }
        manager.tell("STOPPING=1")
    }

    private func notifyWhileAlive() async {
        var isReady = false
        while !Task.isCancelled {
            let isAlive = await isAlive()
            guard !Task.isCancelled else { return }
            if isAlive {
                if !manager.tell(isReady ? "WATCHDOG=1" : "READY=1\nWATCHDOG=1") {
                    logger.warning("The service manager cannot be notified.")
                }
                isReady = true
            } else {
                logger.error("The service manager gets no sign of life: no worker accepts requests, or the store cannot be read.")
            }
            guard let patience = manager.patience ?? (isAlive ? nil : Self.retryInterval * 2) else {
                try? await gracefulShutdown()
                return
            }
            try? await clock.sleep(for: isAlive ? patience / 2 : Self.retryInterval)
        }
    }
}
