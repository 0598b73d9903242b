import FastCGI
import HTTPTypes
import TestSupport
import Testing

/// Bodies and their length, as they come from different web servers.
@Suite struct BodyTests {
    /// What is sent, and what becomes of it.
    struct Row: Sendable, CustomTestStringConvertible {
        let length: String?
        let body: Int
        let status: Int
        let code: String

        var testDescription: String { "CONTENT_LENGTH \(length ?? "absent"), \(body) bytes" }
    }

    private static let limit = 1000
    private static let settings = Server.Settings(bodyLimit: limit, drainTime: .zero)

    private static let rows = [
        Row(length: nil, body: 0, status: 200, code: ""),
        Row(length: "", body: 0, status: 200, code: ""),
        Row(length: "-1", body: 0, status: 200, code: ""),
        Row(length: "0", body: 0, status: 200, code: ""),
        Row(length: nil, body: 1, status: 411, code: "length_required"),
        Row(length: "", body: 9000, status: 411, code: "length_required"),
        Row(length: "-1", body: 1, status: 411, code: "length_required"),
        Row(length: "0", body: 1, status: 400, code: "bad_request"),
        Row(length: "999", body: 999, status: 200, code: ""),
        Row(length: "1000", body: 1000, status: 200, code: ""),
        Row(length: "0001000", body: 1000, status: 200, code: ""),
        Row(length: "1000", body: 1001, status: 400, code: "bad_request"),
        Row(length: "1000", body: 999, status: 400, code: "bad_request"),
        Row(length: "1001", body: 1001, status: 413, code: "body_too_large"),
        Row(length: "1001", body: 0, status: 413, code: "body_too_large"),
        Row(length: "99999999999999999999999", body: 10, status: 413, code: "body_too_large"),
        Row(length: "-2", body: 0, status: 400, code: "bad_request"),
        Row(length: "+5", body: 5, status: 400, code: "bad_request"),
        Row(length: "5 ", body: 5, status: 400, code: "bad_request"),
        Row(length: "0x5", body: 5, status: 400, code: "bad_request"),
        Row(length: "٥", body: 5, status: 400, code: "bad_request"),
        Row(length: "five", body: 5, status: 400, code: "bad_request"),
    ]

    @Test(arguments: rows)
    func `a body is taken if and only if its length was announced and is right; the connection goes on`(row: Row) async throws {
        let (answer, next) = try await ServerFixture.run(Self.settings) { server in
            try await server.connection { client in
                let body = [UInt8](repeating: 7, count: row.body)
                let answer =
                    if let length = row.length {
                        try client.exchange(
                            ["REQUEST_METHOD": "POST", "REQUEST_URI": "/a", "CONTENT_LENGTH": length],
                            body: body,
                            isKept: true
                        )
                    } else {
                        try client.exchange(["REQUEST_METHOD": "POST", "REQUEST_URI": "/a"], body: body, isKept: true)
                    }
                return (answer, try client.exchange(["REQUEST_METHOD": "GET", "REQUEST_URI": "/b"]))
            }
        }
        #expect(answer?.status == row.status)
        if row.code.isEmpty {
            #expect(answer?.text.hasSuffix("\n\(row.body)") == true)
        } else {
            #expect(answer?.text.hasPrefix("\(row.code) request-7: ") == true)
        }
        #expect(next?.text == "GET /b http -\n0")
    }

    @Test func `a body comes as it was sent, over many records`() async throws {
        let body = (0..<900_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        let answer = try await ServerFixture.run(respond: { _, _, body in (HTTPResponse(status: .ok), body) }) { server in
            try await server.exchange(
                ["REQUEST_METHOD": "POST", "REQUEST_URI": "/a", "CONTENT_LENGTH": "\(body.count)"],
                body: body
            )
        }
        #expect(answer?.body == body)
    }

    @Test func `a body of 2 MiB is refused by the default settings, and the connection ends after the answer`() async throws {
        let (answer, isClosed) = try await ServerFixture.run { server in
            try await server.connection { client in
                (
                    try client.exchange(
                        ["REQUEST_METHOD": "POST", "REQUEST_URI": "/a", "CONTENT_LENGTH": "\(2 << 20)"],
                        body: [UInt8](repeating: 1, count: 2 << 20),
                        isKept: true
                    ), try client.receiveEnd()
                )
            }
        }
        #expect(answer?.status == 413)
        #expect(answer?.protocolStatus == 0)
        #expect(isClosed)
    }

    @Test func `a body of hundreds of megabytes is answered and not read to its end`() async throws {
        let answer = try await ServerFixture.run { server in
            try await server.connection { client in
                try client.send(
                    .begin(isKept: true),
                    FastCGIRecord(
                        .parameters,
                        FastCGIRecord.pairs(["REQUEST_METHOD": "POST", "REQUEST_URI": "/a", "CONTENT_LENGTH": "\(300 << 20)"])
                    ),
                    FastCGIRecord(.parameters)
                )
                let part = FastCGIRecord(.standardInput, [UInt8](repeating: 1, count: 32768)).bytes
                // The connection is closed long before the end: sending fails.
                #expect(throws: FastCGIClient.Failure.self) {
                    for _ in 0..<(300 << 20) / 32768 { try client.send(part) }
                }
                return try client.receiveAnswer()
            }
        }
        #expect(answer?.status == 413)
        #expect(answer?.protocolStatus == 0)
    }

    /// What comes after the answer is read and dropped, so that the peer is not stopped by an error while it is still sending.
    @Test(arguments: [8 << 20, 12 << 20])
    func `a peer that sends a body that is too large, and then listens, gets the answer and the end`(sent: Int) async throws {
        let settings = Server.Settings(ioTimeout: .seconds(3600), drainTime: .zero)
        let (answer, isClosed) = try await ServerFixture.run(settings) { server in
            try await server.connection { client in
                try client.send(
                    .begin(),
                    FastCGIRecord(
                        .parameters,
                        FastCGIRecord.pairs(["REQUEST_METHOD": "POST", "REQUEST_URI": "/a", "CONTENT_LENGTH": "\(300 << 20)"])
                    ),
                    FastCGIRecord(.parameters)
                )
                let part = FastCGIRecord(.standardInput, [UInt8](repeating: 1, count: 32768)).bytes
                for _ in 0..<sent / 32768 { try client.send(part) }
                return (try client.receiveAnswer(), try client.receiveEnd())
            }
        }
        #expect(answer?.status == 413)
        #expect(isClosed)
    }
}
