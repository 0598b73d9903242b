import Glibc
import Logging
import ServiceLifecycle

/// Reads the configuration again at each SIGHUP.
struct Reloader<Hangups: AsyncSequence & Sendable>: ServiceLifecycle.Service where Hangups.Element: Sendable {
    let manager: SystemdNotifier?
    let logger: Logger
    /// One element for each SIGHUP. They are taken before the service says that it serves; what came earlier is read first.
    let hangups: Hangups
    /// Reads it and takes over what can change. Changes nothing when it throws.
    let reload: @Sendable () throws -> ConfigurationChange

    func run() async throws {
        for try await _ in hangups.cancelOnGracefulShutdown() { reloadOnce() }
    }

    /// Reads it now. The service manager is told before and after.
    func reloadOnce() {
        manager?.tell("RELOADING=1\nMONOTONIC_USEC=\(Self.monotonicMicroseconds)")
        defer { manager?.tell("READY=1") }
        do {
            let change = try reload()
            let changed = change.taken.isEmpty ? "nothing" : change.taken.joined(separator: " ")
            logger.notice("The configuration was read again.", metadata: ["changed": "\(changed)"])
            for variable in change.waiting { logger.warning("\(variable) has changed, which counts after a restart.") }
        } catch {
            logger.error("The new configuration is not used, the old one stays in force.", metadata: ["error": "\(error)"])
        }
    }

    private static var monotonicMicroseconds: Int {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return now.tv_sec * 1_000_000 + now.tv_nsec / 1000
    }
}
