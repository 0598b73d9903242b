import Answers
import FastCGI
import Glibc
import HTTPTypes
import Logging
import Synchronization
import TestSupport
import Testing

/// Stopping loses no request.
@Suite struct StopTests {
    private static let get: KeyValuePairs = ["REQUEST_METHOD": "GET", "REQUEST_URI": "/a"]

    @Test(arguments: [false, true])
    func `requests in flight get their whole answer after the server was told to stop, and it ends`(isKept: Bool) async throws {
        let gate = Gate()
        let body = [UInt8](repeating: 9, count: 200_000)
        let (answers, ends) = try await ServerFixture.run(
            respond: { _, _, _ in
                gate.hold()
                return (HTTPResponse(status: .ok), body)
            }
        ) { server in
            let clients = try await onThread { [target = server.target] in
                try (0..<3).map { _ in
                    let client = try FastCGIClient(target)
                    try client.send(Self.get, isKept: isKept)
                    return client
                }
            }
            for _ in clients { try await gate.isHeld() }
            await server.stop()
            for _ in clients { gate.open() }
            return try await onThread {
                (
                    try clients.map { try $0.receiveAnswer() },
                    try clients.map { try isKept ? $0.receiveFarewell() : $0.receiveEnd() }
                )
            }
        }
        #expect(answers.map { $0?.body == body && $0?.protocolStatus == 0 } == [true, true, true])
        #expect(ends == [true, true, true])
    }

    @Test func `while the server drains, a kept connection is answered once more and then closed`() async throws {
        let clock = HeldClock()
        let (answer, isClosed) = try await ServerFixture.run(clock: clock) { server in
            let client = try await onThread { [target = server.target] in
                let client = try FastCGIClient(target)
                _ = try client.exchange(Self.get, isKept: true)
                return client
            }
            await server.stop()
            await clock.isAsked()
            defer { clock.release() }
            return try await onThread { (try client.exchange(Self.get, isKept: true), try client.receiveFarewell()) }
        }
        #expect(answer?.status == 200)
        #expect(isClosed)
    }

    /// The web server that reads the end must not be able to take the connection for one that stays.
    @Test(arguments: [10, 5000])
    func `the last answer on a kept connection and the closeNotice are there in the same moment`(count: Int) async throws {
        let gate = Gate()
        let clock = HeldClock()
        let last = try await ServerFixture.run(
            clock: clock,
            respond: { _, _, _ in
                gate.hold()
                return (HTTPResponse(status: .ok), [UInt8](repeating: 9, count: count))
            }
        ) { server in
            let client = try await onThread { [target = server.target] in
                let client = try FastCGIClient(target)
                try client.send(Self.get, isKept: true)
                return client
            }
            try await gate.isHeld()
            await server.stop()
            await clock.isAsked()
            defer { clock.release() }
            gate.open()
            return try await onThread {
                var record = try client.receive()
                while let next = record, next.kind == .standardOutput, !next.content.isEmpty { record = try client.receive() }
                // The end of the standard output came with what follows it.
                return try client.receivePresent()
            }
        }
        let end = FastCGIRecord(.endRequest, [UInt8](repeating: 0, count: 8))
        #expect(last == end.bytes + FastCGIRecord(.standardError).bytes)
    }

    @Test func `an idle connection is told that it ends, under the ID of its latest request, and is closed when the server has stopped`()
        async throws
    {
        let client = try await ServerFixture.run { server in
            try await onThread { [target = server.target] in
                let client = try FastCGIClient(target)
                _ = try client.exchange(Self.get, isKept: true)
                return client
            }
        }
        #expect(try await onThread { try client.receiveFarewell() })
    }

    @Test(arguments: [0, 1, 20])
    func `the server ends without waiting for the drain time when whoever kept connections has let them go`(count: Int) async throws {
        // Time stands still: it would wait for ever.
        let clock = HeldClock()
        try await ServerFixture.run(clock: clock) { server in
            let clients = try await onThread { [target = server.target] in
                try (0..<count).map { _ in
                    let client = try FastCGIClient(target)
                    _ = try client.exchange(Self.get, isKept: true)
                    return client
                }
            }
            await server.stop()
            // As nginx does: bytes that it has not asked for end the connection.
            let records = try await onThread { try clients.map { try $0.receive() } }
            #expect(records == Array(repeating: FastCGIRecord(.standardError), count: count))
        }
    }

    @Test func `a connection that comes while the server stops waits for the next server on the same socket`() async throws {
        let folder = try TemporaryFolder()
        let socket = try ListeningSocket.open(.unix(path: folder.file("fastcgi.sock")))
        let clock = HeldClock()
        let client = try await ServerFixture.run(on: socket, clock: clock) { server in
            #expect(try await server.exchange(Self.get)?.status == 200)
            await server.stop()
            await clock.isAsked()
            defer { clock.release() }
            return try await onThread { [target = server.target] in
                let client = try FastCGIClient(target)
                try client.send(Self.get)
                return client
            }
        }
        let answer = try await ServerFixture.run(
            on: socket,
            respond: { _, _, _ in (HTTPResponse(status: .ok), Array("the second".utf8)) }
        ) { _ in try await onThread { try client.receiveAnswer() } }
        #expect(answer?.text == "the second")
        withExtendedLifetime(folder) {}
    }

    @Test func `cancellation stops the server as gracefully: it ends after the request in flight, not before`() async throws {
        let gate = Gate()
        let hasAnswered = Atomic<Bool>(false)
        let socket = try ListeningSocket.open(.tcp(host: "127.0.0.1", port: 0))
        let server = try Server(
            socket: socket,
            settings: .init(threads: 1, drainTime: .zero),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            respond: { _, _, _, _ in
                gate.hold()
                // Room for a server that does not wait to end first.
                for _ in 0..<20_000 { sched_yield() }
                hasAnswered.store(true, ordering: .releasing)
                return Answer(HTTPResponse(status: .ok))
            },
            problemPage: { _, problem in (HTTPResponse(status: problem.status), []) },
            requestID: { "1" }
        )
        let running = Task { try await server.run() }
        let client = try await onThread { [target = try FastCGIClient.Target(socket.address)] in
            let client = try FastCGIClient(target)
            try client.send(Self.get)
            return client
        }
        try await gate.isHeld()
        running.cancel()
        gate.open()
        try await running.value
        let wasAnswered = hasAnswered.load(ordering: .acquiring)
        #expect(wasAnswered)
        #expect(try await onThread { try client.receiveAnswer() }?.status == 200)
    }

    @Test func `a server can be run again on its socket`() async throws {
        let socket = try ListeningSocket.open(.tcp(host: "127.0.0.1", port: 0))
        for _ in 0..<3 {
            #expect(try await ServerFixture.run(on: socket) { server in try await server.exchange(Self.get) }?.status == 200)
        }
    }
}
