import FlyingFox
import FlyingSocks
import FoundationEssentials
import Glibc
import HTTPTypes
import Synchronization

/// An HTTP server on a loopback address that passes requests to ``SimulatedKrea`` and delivers its reactions.
final class SimulatorServer: Sendable {
    private let core: Mutex<SimulatedKrea>
    private let server: HTTPServer
    private let host: LoopbackHost
    private let log: CallLog?
    private let clock: any Clock<Duration>
    private let wall: @Sendable () -> Int64
    private let bell = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// Port 0 takes any free port. `wall` gives milliseconds since 1970; `clock` times the delays.
    init(
        _ core: SimulatedKrea, host: LoopbackHost, port: UInt16, log: CallLog?,
        clock: any Clock<Duration> = ContinuousClock(), wall: @escaping @Sendable () -> Int64
    ) throws {
        // A client that leaves during its answer must not end the process.
        signal(SIGPIPE, SIG_IGN)
        self.core = Mutex(core)
        self.host = host
        self.log = log
        self.clock = clock
        self.wall = wall
        // The server's time limit must not interrupt a slow answer.
        server = HTTPServer(config: try host.configuration(port: port, timeout: 86_400))
    }

    /// Serves until the task is cancelled. `ready` gets the address once connections are accepted.
    func run(ready: @escaping @Sendable (_ base: String) -> Void) async throws {
        await server.appendRoute("*") { try await self.handle($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.server.run() }
            group.addTask { await self.sendWebhooks() }
            try await server.waitUntilListening()
            guard let port = await server.listeningAddress?.port else { throw SocketError.unsupportedAddress }
            let base = "http://\(host.authority):\(port)"
            core.withLock { $0.settings.imageBase = base }
            ready(base)
            try await group.next()
            group.cancelAll()
        }
    }

    private func handle(_ request: FlyingFox.HTTPRequest) async throws -> FlyingFox.HTTPResponse {
        let arrived = wall()
        let body = Array(try await request.bodyData)
        let head = HTTPTypes.HTTPRequest(request)
        let reaction = core.withLock { core in
            let reaction = core.exchange(head, body: body, at: arrived)
            log?.append(LogLine(head, reaction, arrived: arrived))
            return reaction
        }
        bell.continuation.yield()
        for webhook in reaction.webhooks { await webhook.send() }
        if reaction.delay > 0 { try await clock.sleep(for: .milliseconds(reaction.delay)) }
        return FlyingFox.HTTPResponse(reaction, clock: clock)
    }

    /// Sends each webhook when it is due. Checks again after every request, which may bring one forward.
    private func sendWebhooks() async {
        await withDiscardingTaskGroup { group in
            for await _ in bell.stream {
                let now = wall()
                let (due, next) = core.withLock { ($0.dueWebhooks(at: now), $0.nextEvent(after: now)) }
                for webhook in due { group.addTask { await webhook.send() } }
                guard let next else { continue }
                group.addTask {
                    try? await self.clock.sleep(for: .milliseconds(next - now))
                    self.bell.continuation.yield()
                }
            }
        }
    }
}

extension HTTPTypes.HTTPRequest {
    fileprivate init(_ request: FlyingFox.HTTPRequest) {
        self.init(
            method: Method(request.method.rawValue) ?? .get, scheme: "http", authority: request.headers[.host],
            path: request.target.rawValue
        )
        for (header, value) in request.headers {
            if let name = HTTPField.Name(header.rawValue) { headerFields.append(HTTPField(name: name, value: value)) }
        }
    }
}
