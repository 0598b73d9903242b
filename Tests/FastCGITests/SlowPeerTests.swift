import FastCGI
import HTTPTypes
import Synchronization
import TestSupport
import Testing

/// Strangers that send or read slowly, more of them than threads: they hold no thread, and the memory that they hold is bounded.
@Suite(.timeLimit(.minutes(5))) struct SlowPeerTests {
    private static let get: KeyValuePairs = ["REQUEST_METHOD": "GET", "REQUEST_URI": "/a"]
    private static let patient = Server.Settings(threads: 1, ioTimeout: .seconds(3600), requestTime: .seconds(3600), drainTime: .zero)

    /// A request up to the first bytes of its body.
    private static func beginning(length: Int, sent: Int, isKept: Bool = false) -> [UInt8] {
        let parameters = FastCGIRecord.pairs(["REQUEST_METHOD": "POST", "REQUEST_URI": "/a", "CONTENT_LENGTH": "\(length)"])
        var bytes =
            FastCGIRecord.begin(isKept: isKept).bytes + FastCGIRecord(.parameters, parameters).bytes + FastCGIRecord(.parameters).bytes
        for start in stride(from: 0, to: sent, by: 32768) {
            bytes += FastCGIRecord(.standardInput, [UInt8](repeating: 1, count: min(32768, sent - start))).bytes
        }
        return bytes
    }

    @Test func `while 200 bodies are half there one thread answers others, and then them`() async throws {
        let (others, slow) = try await ServerFixture.run(Self.patient) { server in
            try await onThread { [target = server.target] in
                let clients = try (0..<200).map { _ in
                    let client = try FastCGIClient(target)
                    try client.send(Self.beginning(length: 60_000, sent: 30_000))
                    return client
                }
                let others = try (0..<10).map { _ in try FastCGIClient(target).exchange(Self.get)?.status }
                let rest = FastCGIRecord(.standardInput, [UInt8](repeating: 1, count: 30_000)).bytes + FastCGIRecord(.standardInput).bytes
                for client in clients { try client.send(rest) }
                return (others, try clients.map { try $0.receiveAnswer()?.text })
            }
        }
        #expect(others == Array(repeating: 200, count: 10))
        #expect(slow.count == 200)
        #expect(slow.allSatisfy { $0?.hasSuffix("\n60000") == true })
    }

    @Test func `a body that comes too slowly is answered 408, and the connection ends`() async throws {
        let settings = Server.Settings(threads: 1, ioTimeout: .milliseconds(20), drainTime: .zero)
        let (answer, isClosed) = try await ServerFixture.run(settings) { server in
            try await server.connection { client in
                try client.send(Self.beginning(length: 400, sent: 10, isKept: true))
                return (try client.receiveAnswer(), try client.receiveEnd())
            }
        }
        #expect(answer?.status == 408)
        #expect(answer?.text == "request_timeout request-7: The body came too slowly.")
        #expect(answer?.protocolStatus == 0)
        #expect(isClosed)
    }

    @Test func `a body that comes fast enough has a longest time all the same`() async throws {
        let settings = Server.Settings(threads: 1, ioTimeout: .seconds(3600), requestTime: .milliseconds(20), drainTime: .zero)
        let answer = try await ServerFixture.run(settings) { server in
            try await server.connection { client in
                try client.send(Self.beginning(length: 60_000, sent: 30_000))
                return try client.receiveAnswer()
            }
        }
        #expect(answer?.status == 408)
    }

    @Test(arguments: ["5000000", "some"])
    func `a refusal goes out before the body, and while its sender goes on one thread answers others`(length: String) async throws {
        let (refused, others) = try await ServerFixture.run(Self.patient) { server in
            try await onThread { [target = server.target] in
                let parameters = FastCGIRecord.pairs(["REQUEST_METHOD": "POST", "REQUEST_URI": "/a", "CONTENT_LENGTH": length])
                let clients = try (0..<20).map { _ in try FastCGIClient(target) }
                var refused: [Int?] = []
                for client in clients {
                    try client.send(.begin(isKept: true), FastCGIRecord(.parameters, parameters), FastCGIRecord(.parameters))
                    refused.append(try client.receiveAnswer()?.status)
                    try client.send(.init(.standardInput, [1, 2, 3]))
                }
                let others = try (0..<5).map { _ in try FastCGIClient(target).exchange(Self.get)?.status }
                for client in clients { try client.send(.init(.standardInput, [4])) }
                return (refused, others)
            }
        }
        #expect(refused == Array(repeating: length == "some" ? 400 : 413, count: 20))
        #expect(others == Array(repeating: 200, count: 5))
    }

    @Test func `who goes on sending after a refusal is let go after a while`() async throws {
        let settings = Server.Settings(threads: 1, ioTimeout: .milliseconds(20), drainTime: .zero)
        try await ServerFixture.run(settings) { server in
            try await server.connection { client in
                try client.send(Self.beginning(length: 5_000_000, sent: 10))
                #expect(try client.receiveAnswer()?.status == 413)
                #expect(throws: FastCGIClient.Failure.self) { while true { try client.send([0]) } }
            }
        }
    }

    @Test func `when half requests take too much memory the oldest gives way`() async throws {
        var settings = Self.patient
        settings.memory = 600_000
        let statuses = try await ServerFixture.run(settings) { server in
            try await onThread { [target = server.target] in
                var clients: [FastCGIClient] = []
                for _ in 0..<4 {
                    let client = try FastCGIClient(target)
                    try client.send(Self.beginning(length: 150_001, sent: 150_000))
                    // What has come is taken in before the next one comes: one thread takes one after the other.
                    _ = try FastCGIClient(target).exchange(Self.get)
                    clients.append(client)
                }
                let first = try clients.removeFirst().receiveAnswer()?.status
                try clients.last?.send(.init(.standardInput, [1]), .init(.standardInput))
                return [first, try clients.last?.receiveAnswer()?.status]
            }
        }
        #expect(statuses == [408, 200])
    }

    @Test(arguments: [false, true])
    func `while more readers than threads do not read large answers others are answered, and then they have all of it`(isKept: Bool)
        async throws
    {
        let large = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        let (others, answers, next) = try await ServerFixture.run(
            Self.patient,
            respond: { request, variables, body in
                request.path == "/large" ? (.init(status: .ok), large) : try ServerFixture.echo(request, variables, body)
            }
        ) { server in
            try await onThread { [target = server.target] in
                let lazy = try (0..<20).map { _ in
                    let client = try FastCGIClient(target)
                    try client.send(["REQUEST_METHOD": "GET", "REQUEST_URI": "/large"], isKept: isKept)
                    return client
                }
                let others = try (0..<5).map { _ in try FastCGIClient(target).exchange(Self.get)?.status }
                let answers = try lazy.map { try $0.receiveAnswer() }
                let next = try isKept ? lazy.map { try $0.exchange(Self.get)?.status } : []
                return (others, answers, next)
            }
        }
        #expect(others == Array(repeating: 200, count: 5))
        #expect(answers.allSatisfy { $0?.body == large && $0?.protocolStatus == 0 })
        #expect(next == Array(repeating: 200, count: isKept ? 20 : 0))
    }

    @Test func `a reader that has not taken all of a large answer gets it while the server stops`() async throws {
        let large = [UInt8](repeating: 7, count: 1_000_000)
        let answer = try await ServerFixture.run(Self.patient, respond: { _, _, _ in (.init(status: .ok), large) }) { server in
            let client = try await onThread { [target = server.target] in
                let client = try FastCGIClient(target)
                try client.send(Self.get)
                _ = try client.receive()
                return client
            }
            await server.stop()
            return try await onThread { try client.receiveAnswer() }
        }
        // The first record has been read already.
        #expect((answer?.protocolStatus, answer.map { $0.body.count > 900_000 }) == (0, true))
    }

    @Test func `with as many connections as there may be others wait, those that are kept are told to go, and then it goes on`()
        async throws
    {
        var settings = Self.patient
        settings.connections = 3
        try await ServerFixture.run(settings) { server in
            try await onThread { [target = server.target] in
                let kept = try FastCGIClient(target)
                #expect(try kept.exchange(Self.get, isKept: true)?.status == 200)
                let half = try (0..<2).map { _ in
                    let client = try FastCGIClient(target)
                    try client.send(Self.beginning(length: 10, sent: 1))
                    return client
                }
                // The third was the last.
                #expect(try kept.receive() == FastCGIRecord(.standardError))
                let waiting = try FastCGIClient(target)
                try waiting.send(Self.get)
                // Those that are there are answered, and make room.
                try half[0].send(.init(.standardInput, [UInt8](repeating: 1, count: 9)), .init(.standardInput))
                #expect(try half[0].receiveAnswer()?.status == 200)
                #expect(try waiting.receiveAnswer()?.status == 200)
                withExtendedLifetime((kept, half)) {}
            }
        }
    }
}
