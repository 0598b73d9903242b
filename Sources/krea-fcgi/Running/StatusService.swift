import FastCGI
import Logging
import ServiceLifecycle
import Status

/// Serves the status for as long as the service runs. Of several processes with the same address one does; another takes its place when
/// it has gone. A status that cannot be served does not end the service.
struct StatusService: ServiceLifecycle.Service {
    /// How often an address that cannot be listened on is tried again.
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

    /// Nil when the service is told to stop before there is one.
    private func socket() async -> ListeningSocket? {
        await cancelWhenGracefulShutdown {
            var isTold = false
            while !Task.isCancelled {
                do throws(ListenError) {
                    return try ListeningSocket.open(address)
                } catch {
                    if !isTold {
                        logger.warning(
                            "The status is not served by this process for now. \(error)",
                            metadata: ["next_try": "\(Self.retryInterval)"])
                    }
                    isTold = true
                }
                try? await clock.sleep(for: Self.retryInterval)
            }
            return nil
        }
    }
}
