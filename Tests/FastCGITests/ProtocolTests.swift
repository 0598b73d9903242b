import FastCGI
import TestSupport
import Testing

/// Literal records, both ways (FastCGI specification, sections 3 to 6).
@Suite struct ProtocolTests {
    private static let get: KeyValuePairs = ["REQUEST_METHOD": "GET", "REQUEST_URI": "/a"]

    @Test func `a request is answered with output, its end and END_REQUEST, under its own ID`() async throws {
        let records = try await ServerFixture.run { server in
            try await server.connection { client in
                try client.send(
                    FastCGIRecord(.beginRequest, [0, 1, 0, 0, 0, 0, 0, 0], requestID: 259),
                    FastCGIRecord(.parameters, FastCGIRecord.pairs(Self.get), requestID: 259),
                    FastCGIRecord(.parameters, requestID: 259),
                    FastCGIRecord(.standardInput, requestID: 259)
                )
                var records: [FastCGIRecord] = []
                while let record = try client.receive() { records.append(record) }
                return records
            }
        }
        #expect(records.map(\.kind) == [.standardOutput, .standardOutput, .endRequest])
        #expect(records.map(\.requestID) == [259, 259, 259])
        #expect(
            records.map(\.content).first
                == Array("Status: 200 OK\r\nX-Request-ID: request-7\r\nContent-Length: 15\r\n\r\nGET /a http -\n0".utf8))
        #expect(records.dropFirst().map(\.content) == [[], [0, 0, 0, 0, 0, 0, 0, 0]])
    }

    @Test(arguments: [false, true])
    func `a pair that is split over records, at every place, is one pair`(isLong: Bool) async throws {
        let pairs = FastCGIRecord.pairs(Self.get, isLong: isLong)
        try await ServerFixture.run { server in
            try await server.connection { client in
                for place in 1..<pairs.count {
                    try client.send(
                        .begin(isKept: true),
                        FastCGIRecord(.parameters, Array(pairs[..<place]), padding: UInt8(place)),
                        FastCGIRecord(.parameters, Array(pairs[place...])),
                        FastCGIRecord(.parameters),
                        FastCGIRecord(.standardInput)
                    )
                    #expect(try client.receiveAnswer()?.text == "GET /a http -\n0", "split at \(place)")
                }
            }
        }
    }

    @Test func `a value longer than one record and than libfcgi's buffer arrives whole`() async throws {
        let value = String(repeating: "x", count: 100_000)
        let pairs = FastCGIRecord.pairs(["REQUEST_METHOD": "GET", "REQUEST_URI": "/a", "HTTP_X_LONG": value])
        let answer = try await ServerFixture.run { server in
            try await server.connection { client in
                try client.send(
                    .begin(),
                    FastCGIRecord(.parameters, Array(pairs[..<60_000])),
                    FastCGIRecord(.parameters, Array(pairs[60_000...])),
                    FastCGIRecord(.parameters),
                    FastCGIRecord(.standardInput)
                )
                return try client.receiveAnswer()
            }
        }
        #expect(answer?.text == "GET /a http -\nx-long: \(value)\n0")
    }

    /// Only records with content: libfcgi does not skip the padding of an empty one, and no web server pads those.
    @Test func `padding is skipped, also on a kept connection`() async throws {
        try await ServerFixture.run { server in
            try await server.connection { client in
                for padding in [UInt8(1), 7, 255] {
                    try client.send(
                        .begin(isKept: true),
                        FastCGIRecord(.parameters, FastCGIRecord.pairs(Self.get), padding: padding),
                        FastCGIRecord(.parameters, FastCGIRecord.pairs(["CONTENT_LENGTH": "2"]), padding: padding),
                        FastCGIRecord(.parameters),
                        FastCGIRecord(.standardInput, [1], padding: padding),
                        FastCGIRecord(.standardInput, [2], padding: padding),
                        FastCGIRecord(.standardInput)
                    )
                    #expect(try client.receiveAnswer()?.text == "GET /a http -\nContent-Length: 2\n2")
                }
            }
        }
    }

    @Test func `a request without parameters is answered with 400`() async throws {
        let answer = try await ServerFixture.run { server in
            try await server.connection { client in
                try client.send(.begin(), FastCGIRecord(.parameters), FastCGIRecord(.standardInput))
                return try client.receiveAnswer()
            }
        }
        #expect(answer?.status == 400)
    }

    @Test(arguments: [UInt16(2), 3, 9])
    func `a role other than the responder's is not answered`(role: UInt16) async throws {
        let isClosed = try await ServerFixture.run { server in
            try await server.connection { client in
                try client.send(
                    .begin(role: role, isKept: true),
                    FastCGIRecord(.parameters, FastCGIRecord.pairs(Self.get)),
                    FastCGIRecord(.parameters),
                    FastCGIRecord(.standardInput)
                )
                return try client.receiveEnd()
            }
        }
        #expect(isClosed)
    }

    @Test func `FCGI_GET_VALUES in front of a request is answered, and so is the request`() async throws {
        let (values, answer) = try await ServerFixture.run { server in
            try await server.connection { client in
                try client.send(
                    FastCGIRecord(.getValues, FastCGIRecord.pairs(["FCGI_MPXS_CONNS": ""]), requestID: 0),
                    .begin(),
                    FastCGIRecord(.parameters, FastCGIRecord.pairs(Self.get)),
                    FastCGIRecord(.parameters),
                    FastCGIRecord(.standardInput)
                )
                return (try client.receive(), try client.receiveAnswer())
            }
        }
        #expect(values?.kind == .getValuesResult)
        #expect(values?.content == FastCGIRecord.pairs(["FCGI_MPXS_CONNS": "0"]))
        #expect(answer?.status == 200)
    }

    @Test func `TCP on a port that the system chose is served like a Unix socket`() async throws {
        let socket = try ListeningSocket.open(.tcp(host: "127.0.0.1", port: 0))
        let answer = try await ServerFixture.run(on: socket) { server in try await server.exchange(Self.get) }
        #expect(answer?.text == "GET /a http -\n0")
    }
}
