import FastCGI
import HTTPTypes
import TestSupport
import Testing

/// Connections that the web server keeps (FCGI_KEEP_CONN, FastCGI specification, section 3.5).
@Suite struct KeptConnectionTests {
    private static let get: KeyValuePairs = ["REQUEST_METHOD": "GET", "REQUEST_URI": "/a"]

    @Test func `a connection carries as many requests as the web server likes, and is closed after the one that does not keep it`()
        async throws
    {
        let (statuses, isClosed) = try await ServerFixture.run { server in
            try await server.connection { client in
                let kept = try (0..<20).map { _ in try client.exchange(Self.get, isKept: true)?.status }
                let last = try client.exchange(Self.get, isKept: false)?.status
                return (kept + [last], try client.receiveEnd())
            }
        }
        #expect(statuses == Array(repeating: 200, count: 21))
        #expect(isClosed)
    }

    @Test func `a kept connection that is idle costs no thread`() async throws {
        let answer = try await ServerFixture.run { server in
            let idle = try await onThread { [target = server.target] in
                try (0..<100).map { _ in
                    let client = try FastCGIClient(target)
                    #expect(try client.exchange(Self.get, isKept: true)?.status == 200)
                    return client
                }
            }
            defer { withExtendedLifetime(idle) {} }
            return try await server.exchange(Self.get)
        }
        #expect(answer?.status == 200)
    }

    @Test func `a new connection that says nothing costs no thread, and is served when it speaks`() async throws {
        let settings = Server.Settings(threads: 1, ioTimeout: .seconds(3600), drainTime: .zero)
        let (honest, late) = try await ServerFixture.run(settings) { server in
            let silent = try await onThread { [target = server.target] in try (0..<20).map { _ in try FastCGIClient(target) } }
            let honest = try await server.exchange(Self.get)
            return (honest, try await onThread { try silent.last?.exchange(Self.get) })
        }
        #expect(honest?.status == 200)
        #expect(late?.status == 200)
    }

    @Test(arguments: [1, 3000, 9000])
    func `a body that the responder has not asked for is not taken for the next request`(count: Int) async throws {
        let answers = try await ServerFixture.run { server in
            try await server.connection { client in
                let refused: KeyValuePairs = ["REQUEST_METHOD": "POST", "REQUEST_URI": "/a", "CONTENT_LENGTH": "some"]
                return try (0..<3).map { _ in
                    [
                        try client.exchange(refused, body: [UInt8](repeating: 1, count: count), isKept: true)?.status,
                        try client.exchange(Self.get, isKept: true)?.status,
                    ]
                }
            }
        }
        #expect(answers == Array(repeating: [400, 200], count: 3))
    }

    @Test func `more kept connections than threads are all served at once, request by request`() async throws {
        let settings = Server.Settings(threads: 2, drainTime: .zero)
        let statuses = try await ServerFixture.run(settings) { server in
            try await onThread { [target = server.target] in
                let clients = try (0..<10).map { _ in try FastCGIClient(target) }
                return try (0..<5).flatMap { _ in
                    for client in clients { try client.send(Self.get, isKept: true) }
                    return try clients.map { try $0.receiveAnswer()?.status }
                }
            }
        }
        #expect(statuses == Array(repeating: 200, count: 50))
    }
}
