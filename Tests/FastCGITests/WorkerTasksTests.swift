import Answers
import FastCGI
import HTTPTypes
import Logging
import TestSupport
import Testing

/// Work for the threads that answer requests, by which others learn whether they still do.
@Suite struct WorkerTasksTests {
    private func server() throws -> Server {
        try Server(
            socket: .open(.tcp(host: "127.0.0.1", port: 0)), settings: .init(threads: 1, drainTime: .zero),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, respond: { _, _, _, _ in Answer(HTTPResponse(status: .ok)) },
            problemPage: { _, problem in (HTTPResponse(status: problem.status), []) }, requestID: { "1" })
    }

    @Test func `work from before the server runs is done by its threads once it does, and brings back what came of it`() async throws {
        let server = try server()
        async let first = server.onWorker { 1 }
        async let second = server.onWorker { 2 }
        let running = Task { try await server.run() }
        #expect(await [first, second] == [1, 2])
        #expect(await server.onWorker { 3 } == 3)
        running.cancel()
        try await running.value
    }

    @Test func `work is not done, and its caller goes on, when the server has ended`() async throws {
        let server = try server()
        let running = Task { try await server.run() }
        #expect(await server.onWorker { true } == true)
        running.cancel()
        try await running.value
        #expect(await server.onWorker { true } == nil)
    }

    @Test func `whoever waits for work that no thread takes up goes on when cancelled`() async throws {
        let server = try server()
        let gate = Gate()
        let running = Task { try await server.run() }
        async let holding = server.onWorker { gate.hold() }
        try await gate.isHeld()
        let waiting = Task { await server.onWorker { true } }
        waiting.cancel()
        #expect(await waiting.value == nil)
        gate.open()
        _ = await holding
        running.cancel()
        try await running.value
    }
}
