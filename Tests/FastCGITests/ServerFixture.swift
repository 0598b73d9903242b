import Answers
import FastCGI
import Foundation
import HTTPTypes
import Logging
import ServiceLifecycle
import TestSupport

/// A server that runs for the length of a test, on a Unix socket in a folder of its own.
struct ServerFixture: Sendable {
    let target: FastCGIClient.Target
    let server: Server
    private let group: ServiceGroup

    /// A responder whose bodies are whole.
    typealias PlainResponder = @Sendable (HTTPRequest, CGIVariables, [UInt8]) throws -> (HTTPResponse, [UInt8])

    /// Runs a server while `body` runs, and then stops it, whatever comes of it.
    static func run<Result: Sendable>(
        _ settings: Server.Settings = .init(drainTime: .zero),
        on socket: ListeningSocket? = nil,
        clock: any Clock<Duration> = ContinuousClock(),
        told: (Server) -> Void = { _ in },
        respond: @escaping PlainResponder = echo,
        waiting: Responder? = nil,
        _ body: @Sendable (ServerFixture) async throws -> Result
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        let socket = try socket ?? .open(.unix(path: folder.file("fastcgi.sock")))
        defer { withExtendedLifetime(folder) {} }
        let server = try Server(
            socket: socket,
            settings: settings,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            clock: clock,
            respond: waiting ?? { request, variables, body, _ in
                let (response, bytes) = try respond(request, variables, body)
                return Answer(response, bytes)
            },
            problemPage: { _, problem in
                (
                    HTTPResponse(status: problem.status, headerFields: [.contentType: "text/plain"]),
                    Array("\(problem.code) \(problem.requestID): \(problem.sentence)".utf8)
                )
            },
            requestID: { "request-7" }
        )
        told(server)
        let group = ServiceGroup(services: [server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        async let running: Void = group.run()
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await body(ServerFixture(target: try .init(socket.address), server: server, group: group)))
        } catch {
            outcome = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await running
        return try outcome.get()
    }

    /// Answers 200 and, in lines, what it was given.
    static let echo: PlainResponder = { request, variables, body in
        let fields = request.headerFields.map { "\($0.name): \($0.value)" }
        let lines = ["\(request.method) \(request.path ?? "-") \(request.scheme ?? "-") \(request.authority ?? "-")"] + fields
        let told = [
            ("REMOTE_ADDR", variables.remoteAddress), ("REMOTE_USER", variables.remoteUser), ("SCRIPT_NAME", variables.scriptName),
        ]
        let variables = told.compactMap { name, value in value.map { "\(name)=\($0)" } }
        return (HTTPResponse(status: .ok), Array((lines + variables + ["\(body.count)"]).joined(separator: "\n").utf8))
    }

    /// Tells the server to stop, without waiting for it.
    func stop() async {
        await group.triggerGracefulShutdown()
    }

    /// Uses a new connection, on a thread of its own.
    func connection<Result: Sendable>(_ use: @escaping @Sendable (FastCGIClient) throws -> Result) async throws -> Result {
        try await onThread { [target] in try use(FastCGIClient(target)) }
    }

    /// Sends one request on a new connection that is not kept.
    func exchange(_ parameters: KeyValuePairs<String, String>, body: [UInt8] = []) async throws -> FastCGIAnswer? {
        try await connection { client in try client.exchange(parameters, body: body) }
    }
}

extension FastCGIClient.Target {
    /// The address of a server of the test.
    init(_ address: ListenAddress) throws {
        switch address {
        case .unix(let path): self = .unix(path: path)
        case .tcp(_, let port): self = .tcp(port: port)
        case .inherited: throw CancellationError()
        }
    }
}
