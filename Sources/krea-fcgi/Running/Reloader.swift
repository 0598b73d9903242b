import Glibc
import Logging
import ServiceLifecycle

/// Reads the configuration again at each SIGHUP.
struct Reloader<Hangups: AsyncSequence & Sendable>: ServiceLifecycle.Service where Hangups.Element: Sendable {
    let manager: SystemdNotifier?
    let logger: Logger
    /// One element for each SIGHUP, including those from before the service was ready.
    let hangups: Hangups
    /// Reads the configuration and applies what can change. Changes nothing if it throws.
    let reload: @Sendable () throws -> ConfigurationChange

    func run() async throws {
        for try await _ in hangups.cancelOnGracefulShutdown() { reloadOnce() }
    }

    /// Reads the configuration now, and notifies the service manager before and after.
    func reloadOnce() {
        manager?.tell("RELOADING=1\nMONOTONIC_USEC=\(Self.monotonicMicroseconds)")
        defer { manager?.tell("READY=1") }
        do {
            let change = try reload()
            let changed = change.taken.isEmpty ? "nothing" : change.taken.joined(separator: " ")
            logger.notice("The configuration was read again.", metadata: ["changed": "\(changed)"])
            for variable in change.waiting { logger.warning("\(variable) has changed; the change takes effect after a restart.") }
        } catch {
            logger.error("The new configuration cannot be used; the old one stays in force.", metadata: ["error": "\(error)"])
        }
    }

    private static var monotonicMicroseconds: Int {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return now.tv_sec * 1_000_000 + now.tv_nsec / 1000
    }
}
