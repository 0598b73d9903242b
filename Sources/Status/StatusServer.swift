import Dispatch
import Glibc
public import Logging
public import ServiceLifecycle

/// Serves the status over plain HTTP/1.1 on a listening socket, on one queue of its own.
public final class StatusServer: Service {
    /// How many connections there are at most; for one more the oldest is closed. The service's own descriptors are not for the taking.
    static let connections = 32

    private let descriptor: Int32
    private let address: String
    private let sources: StatusCollector.Sources
    private let patience: StatusCollector.Patience
    private let connectionTime: Duration
    private let logger: Logger

    /// - Parameters:
    ///   - descriptor: A bound socket, which becomes the server's own.
    ///   - address: What it is bound to, for the log.
    ///   - connectionTime: How long a client may go without a whole request and the whole answer to it.
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

    /// Serves until graceful shutdown or cancellation. To be called once. Throws when the socket cannot be used.
    public func run() async throws {
        // A serial queue gets a thread also while every task's thread is taken.
        let queue = DispatchQueue(label: "krea-fcgi.status")
        let watch = StatusCollector(sources, patience, on: queue)
        guard listen(descriptor, 64) == 0, fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0 else {
            let code = errno
            close(descriptor)
            throw UnusableSocket(code: code)
        }
        let listener = StatusListener(descriptor, on: queue, limit: Self.connections, patience: connectionTime) { request, send in
            guard request.method == "GET" || request.method == "HEAD" else { return send(.wrongMethod) }
            watch.answer(StatusRoute(target: request.target, accept: request.accept), send)
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
