public import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
public import ServiceLifecycle

/// Serves the status over plain HTTP/1.1 on a listening socket, on one thread of its own.
public final class StatusServer: Service {
    /// How many connections there are at most; for one more the oldest is closed. The service's own descriptors are not for the taking.
    static let connections = 32

    private let descriptor: Int32
    private let address: String
    private let sources: Watch.Sources
    private let patience: Watch.Patience
    private let logger: Logger

    /// - Parameters:
    ///   - descriptor: A bound socket, which becomes the server's own.
    ///   - address: What it is bound to, for the log.
    public init(
        descriptor: Int32, address: String, sources: Watch.Sources, patience: Watch.Patience = Watch.Patience(), logger: Logger
    ) {
        self.descriptor = descriptor
        self.address = address
        self.sources = sources
        self.patience = patience
        self.logger = logger
    }

    /// Serves until graceful shutdown or cancellation. To be called once. Throws when the socket cannot be used.
    public func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let threads = NIOThreadPool(numberOfThreads: 2)
        threads.start()
        let watch = Watch(sources, patience, on: threads)
        let open = OpenConnections(limit: Self.connections)
        let bootstrap = ServerBootstrap(group: group)
            .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: false)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    open.add(channel)
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(StatusHandler(watch))
                }
            }
        let result: Result<Void, any Error>
        do {
            let channel = try await bootstrap.withBoundSocket(descriptor).get()
            logger.info("Serving the status.", metadata: ["address": "\(address)"])
            try? await gracefulShutdown()
            result = .success(try await channel.close().get())
        } catch { result = .failure(error) }
        // A store that does not answer keeps its thread, and must not keep the service.
        threads.shutdownGracefully { _ in }
        try await group.shutdownGracefully()
        try result.get()
    }
}
