import FastCGI
import Logging
import ServiceLifecycle
import Status

/// Serves the status while the service runs.
///
/// Of several processes with the same address, one serves it, and another takes over when that one is gone. Failing to serve it does not end
/// the service.
struct StatusService: ServiceLifecycle.Service {
    /// The time between two attempts to listen.
    static let retryInterval: Duration = .seconds(5)

    let address: ListenAddress
    let sources: StatusCollector.Sources
    let clock: any Clock<Duration>
    let logger: Logger

    func run() async throws {
        guard let socket = await socket() else { return }
        defer { socket.close() }
        let server = StatusServer(descriptor: try socket.duplicate(), address: "\(socket.address)", sources: sources, logger: logger)
        try await server.run()
    }

    /// Opens the socket, as soon as the address is free; nil if the service stops before.
    private func socket() async -> ListeningSocket? {
        await cancelWhenGracefulShutdown {
            var isReported = false
            while !Task.isCancelled {
                do throws(ListenError) {
                    return try ListeningSocket.open(address)
                } catch {
                    if !isReported {
                        logger.warning(
                            "This process does not serve the status for now. \(error)",
                            metadata: ["next_try": "\(Self.retryInterval)"])
                    }
                    isReported = true
                }
                try? await clock.sleep(for: Self.retryInterval)
            }
            return nil
        }
    }
}
