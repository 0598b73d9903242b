import FastCGI
import HTTPTypes
import Synchronization
import TestSupport
import Testing

/// Answers whose bodies come bit by bit.
@Suite struct StreamTests {
    private static let get: KeyValuePairs = ["REQUEST_METHOD": "GET", "REQUEST_URI": "/a"]

    private static func text(_ record: FastCGIRecord?) -> String? {
        record.flatMap { $0.kind == .standardOutput ? String(decoding: $0.content, as: UTF8.self) : nil }
    }

    @Test("Each bit reaches the web server when it is written, with no Content-Length, and the connection can be kept")
    func bits() async throws {
        let gate = Gate()
        let (records, rest, next) = try await ServerFixture.run(streaming: { _, _, _ in
            (
                HTTPResponse(status: .ok, headerFields: [.contentLength: "3"]), Array("one ".utf8),
                { write in
                    gate.hold()
                    guard write(Array("two ".utf8)) else { return }
                    gate.hold()
                    _ = write(Array("three".utf8))
                }
            )
        }) { server in
            try await server.connection { client in
                try client.send(Self.get, isKept: true)
                let first = Self.text(try client.receive())
                gate.open()
                let second = Self.text(try client.receive())
                gate.open()
                let third = Self.text(try client.receive())
                let rest = try client.receiveAnswer()
                for _ in 1...2 { gate.open() }
                return ([first, second, third], rest, try client.exchange(Self.get, isKept: true)?.text)
            }
        }
        #expect(records == ["Status: 200 OK\r\nX-Request-ID: request-7\r\n\r\none ", "two ", "three"])
        #expect(rest == FastCGIAnswer(output: [], protocolStatus: 0))
        #expect(next == "one two three")
    }

    @Test("Whoever brings the rest learns with the next bit that the reader has gone")
    func goneReader() async throws {
        let gate = Gate()
        let wasWanted = Mutex<[Bool]>([])
        try await ServerFixture.run(streaming: { _, _, _ in
            (
                HTTPResponse(status: .ok), [],
                { write in
                    gate.hold()
                    // A socket whose peer is gone takes what is written first without a word.
                    while write([1]) {}
                    wasWanted.withLock { $0.append(false) }
                    gate.hold()
                }
            )
        }) { server in
            try await onThread { [target = server.target] in
                let client = try FastCGIClient(target)
                try client.send(Self.get)
                // The head, after which the rest is asked for.
                _ = try client.receive()
            }
            gate.open()
            for _ in 1...2 { try await gate.isHeld() }
            gate.open()
        }
        #expect(wasWanted.withLock { $0 } == [false])
    }

    @Test("When the server stops, nothing more is wanted, and what was written is a whole answer")
    func stop() async throws {
        let gate = Gate()
        let answer = try await ServerFixture.run(streaming: { _, _, _ in
            (
                HTTPResponse(status: .ok), Array("one".utf8),
                { write in
                    gate.hold()
                    while write(Array(".".utf8)) {}
                }
            )
        }) { server in
            let client = try await onThread { [target = server.target] in
                let client = try FastCGIClient(target)
                try client.send(Self.get)
                return client
            }
            try await gate.isHeld()
            await server.stop()
            gate.open()
            return try await onThread { try client.receiveAnswer() }
        }
        #expect(answer?.text.hasPrefix("one") == true)
        #expect(answer?.protocolStatus == 0)
    }

    @Test("To HEAD nothing is brought")
    func head() async throws {
        let answer = try await ServerFixture.run(streaming: { _, _, _ in
            (HTTPResponse(status: .ok), Array("one".utf8), { write in _ = write(Array("two".utf8)) })
        }) { server in try await server.exchange(["REQUEST_METHOD": "HEAD", "REQUEST_URI": "/a"]) }
        #expect(answer?.fields.map(\.name) == ["status", "x-request-id"])
        #expect(answer?.body == [])
    }
}
