import Dispatch
import Glibc
public import Logging
public import ServiceLifecycle

/// Serves the status over plain HTTP/1.1 on a listening socket, on its own queue.
public final class StatusServer: Service {
    /// The most connections; one more closes the oldest. This keeps clients from using up the service's descriptors.
    static let connections = 32

    private let descriptor: Int32
    private let address: String
    private let sources: StatusCollector.Sources
    private let patience: StatusCollector.Patience
    private let connectionTime: Duration
    private let logger: Logger

    /// - Parameters:
    ///   - descriptor: A bound socket. The server takes ownership.
    ///   - address: The socket's address, for the log.
    ///   - connectionTime: The longest time for one request and its answer.
    public init(
        descriptor: Int32, address: String, sources: StatusCollector.Sources,
        patience: StatusCollector.Patience = StatusCollector.Patience(),
        connectionTime: Duration = .seconds(60), logger: Logger
    ) {
        self.descriptor = descriptor
        self.address = address
        self.sources = sources
        self.patience = patience
        self.connectionTime = connectionTime
        self.logger = logger
    }

    /// Serves until graceful shutdown or cancellation. Call it once. Throws if the socket cannot be used.
    public func run() async throws {
        // A serial queue gets a thread even while all threads for tasks are busy.
        let queue = DispatchQueue(label: "krea-fcgi.status")
        let collector = StatusCollector(sources, patience, on: queue)
        guard listen(descriptor, 64) == 0, fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0 else {
            let code = errno
            close(descriptor)
            throw UnusableSocket(code: code)
        }
        let listener = StatusListener(descriptor, on: queue, limit: Self.connections, patience: connectionTime) { request, send in
            guard request.method == "GET" || request.method == "HEAD" else { return send(.wrongMethod) }
            collector.answer(StatusRoute(target: request.target, accept: request.accept), send)
        }
        queue.async { listener.start() }
        logger.info("Serving the status.", metadata: ["address": "\(address)"])
        try? await gracefulShutdown()
        await withCheckedContinuation { continuation in
            queue.async { listener.stop { continuation.resume() } }
        }
    }
}

/// The socket given to ``StatusServer`` cannot be listened on.
struct UnusableSocket: Error, CustomStringConvertible {
    let code: Int32
    var description: String { "The status cannot be served: \(String(cString: strerror(code)))" }
}
