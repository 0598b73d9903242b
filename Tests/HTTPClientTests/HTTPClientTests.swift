import TestSupport
import Testing

@testable import HTTPClient

/// Exchanges over real connections with hosts that behave, and with such that do not.
@Suite(.timeLimit(.minutes(5))) struct HTTPClientTests {
    private static let limit = 1000
    private static let ok = "HTTP/1.1 200 OK\r\n"
    private static let empty = "HTTP/1.1 204 No Content\r\n\r\n"

    private static func request(
        _ url: String, _ method: String = "GET", body: [UInt8]? = nil, within time: Duration = .seconds(300), limit: Int = limit
    ) -> ClientRequest {
        ClientRequest(method, url, body: body, until: .now + time, bodyLimit: limit)
    }

    private func error(_ client: HTTPClient, _ request: ClientRequest) async -> HTTPClientError? {
        do throws(HTTPClientError) {
            let response = try await client.perform(request)
            Issue.record("answered with \(response.status), \(response.body.count) bytes")
            return nil
        } catch {
            return error
        }
    }

    private static func isNotSent(_ error: HTTPClientError?) -> Bool { if case .notSent = error { true } else { false } }
    private static func isNoAnswer(_ error: HTTPClientError?) -> Bool { if case .noAnswer = error { true } else { false } }

    // MARK: What is said

    @Test func `a request arrives as it was given, with nothing added but Host and the length`() async throws {
        try await RawHost.run(["/a?b=%20": [.text(Self.ok + "X-A: 1\r\nx-a:  two words \r\nContent-Length: 2\r\n\r\nhi")]]) { base, host in
            var request = Self.request(base + "/a?b=%20", "PUT", body: Array("body".utf8))
            request.fields = [("User-Agent", "test"), ("X-Empty", ""), ("Authorization", "Bearer secret")]
            let response = try await HTTPClient().perform(request)
            #expect(response.status == 200)
            #expect(response.body == Array("hi".utf8))
            #expect(response.fields[every: "x-A"] == ["1", "two words"])
            let lines = host.requests.first?.split(separator: "\r\n").map(String.init).sorted()
            let expected = [
                "PUT /a?b=%20 HTTP/1.1", "Host: \(base.dropFirst(7))", "User-Agent: test", "X-Empty:", "Authorization: Bearer secret",
                "Content-Length: 4",
            ]
            #expect(lines == expected.sorted())
            #expect(host.bodies == [Array("body".utf8)])
        }
    }

    @Test func `a POST without bytes says that it has none, and a HEAD has no body`() async throws {
        try await RawHost.run(["/": [.text(Self.ok + "Content-Length: 9\r\n\r\n")], "/post": [.text(Self.empty)]]) { base, host in
            let head = try await HTTPClient().perform(Self.request(base + "/", "HEAD"))
            #expect(head.body.isEmpty)
            #expect(head.fields["Content-Length"] == "9")
            _ = try await HTTPClient().perform(Self.request(base + "/post", "POST", body: []))
            #expect(host.requests.last?.contains("\r\nContent-Length: 0\r\n") == true)
        }
    }

    @Test func `answers before the answer do not count, and a redirect is not followed`() async throws {
        let answer = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 302 Found\r\nLocation: /2\r\nContent-Length: 0\r\n\r\n"
        try await RawHost.run(["/1": [.text(answer)]]) { base, host in
            let response = try await HTTPClient().perform(Self.request(base + "/1"))
            #expect(response.status == 302)
            #expect(response.fields["location"] == "/2")
            #expect(response.fields["link"] == nil)
            #expect(host.requests.count == 1)
        }
    }

    @Test func `a connection goes to the given address, and the name stands in Host`() async throws {
        try await RawHost.run(["/": [.text(Self.empty)]]) { base, host in
            var request = Self.request("http://hooks.invalid" + base.dropFirst("http://127.0.0.1".count) + "/")
            request.address = "127.0.0.1"
            let response = try await HTTPClient().perform(request)
            #expect(response.status == 204)
            #expect(host.requests.first?.contains("\r\nHost: hooks.invalid:") == true)
        }
    }

    @Test func `a proxy gets what is for http, and is asked for a tunnel for https`() async throws {
        let answers: [String: [RawHost.Step]] = [
            "http://a.invalid/b": [.text(Self.empty)], "a.invalid:443": [.text("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")],
        ]
        try await RawHost.run(answers) { base, host in
            let port = try #require(Int(base.split(separator: ":").last ?? ""))
            let client = HTTPClient(proxy: HTTPProxy(host: "127.0.0.1", port: port, credentials: ("u", "p")))
            let response = try await client.perform(Self.request("http://a.invalid/b"))
            #expect(response.status == 204)
            var request = Self.request("https://a.invalid/b", "POST", body: [1])
            request.fields = [("Authorization", "Bearer secret")]
            #expect(Self.isNotSent(await error(client, request)))
            #expect(host.requests.count == 2)
            #expect(host.requests.last?.hasPrefix("CONNECT a.invalid:443 HTTP/1.1\r\n") == true)
            // "u:p"
            for head in host.requests { #expect(head.contains("\r\nProxy-Authorization: Basic dTpw\r\n")) }
            #expect(host.requests.last?.contains("secret") == false)
            request = Self.request(base + "/")
            request.usesProxy = false
            #expect(try await client.perform(request).status == 404)
        }
    }

    // MARK: Connections

    private static let kept = ok + "Content-Length: 1\r\n\r\nx"

    @Test func `a kept connection carries the next request`() async throws {
        try await RawHost.run(["/": [.text(Self.kept), .nextRequest, .text(Self.kept), .nextRequest]]) { base, host in
            let client = HTTPClient()
            for _ in 1...2 { _ = try await client.perform(Self.request(base + "/")) }
            #expect(host.requests.count == 2)
            #expect(host.connections == 1)
        }
    }

    @Test(arguments: ["GET", "POST", "DELETE"])
    func `a request on a kept connection that is closed instead of an answer is written once`(method: String) async throws {
        try await RawHost.run(["/": [.text(Self.kept), .nextRequest]]) { base, host in
            let client = HTTPClient()
            _ = try await client.perform(Self.request(base + "/"))
            let error = await error(client, Self.request(base + "/", method, body: method == "POST" ? [1] : nil))
            #expect(error == .noAnswer(reason: "the connection was closed before an answer"))
            #expect(host.requests.count == 2)
        }
    }

    @Test func `a request that wants a new connection never goes over a kept one`() async throws {
        try await RawHost.run(["/": [.text(Self.kept), .nextRequest]]) { base, host in
            let client = HTTPClient()
            for count in 1...3 {
                var request = Self.request(base + "/", "POST", body: [1])
                request.connection = count == 3 ? .single : .new
                _ = try await client.perform(request)
                #expect(host.connections == count)
            }
            #expect(host.requests.count == 3)
        }
    }

    // MARK: Whether anything was sent

    @Test(arguments: [
        "http://127.0.0.1:1/", "http://no-such-host.invalid/", "ftp://127.0.0.1/", "http://user@127.0.0.1/", "", "http://a b/",
    ])
    func `what cannot be connected to or written down was certainly not sent`(url: String) async {
        #expect(Self.isNotSent(await error(HTTPClient(), Self.request(url))))
    }

    @Test func `a field that would be two is certainly not sent`() async throws {
        try await RawHost.run([:]) { base, host in
            for (name, value) in [("X", "1\r\nY: 2"), ("X", "1\n2"), ("X", "\0"), ("X:", "1"), ("X Y", "1"), ("", "1")] {
                var request = Self.request(base + "/")
                request.fields = [(name, value)]
                #expect(Self.isNotSent(await error(HTTPClient(), request)))
            }
            #expect(host.connections == 0)
        }
    }

    @Test func `TLS that never comes about proves that nothing was sent`() async throws {
        try await RawHost.run([:]) { base, host in
            var request = Self.request(base.replacing("http:", with: "https:") + "/")
            request.connectTime = .milliseconds(200)
            #expect(Self.isNotSent(await error(HTTPClient(), request)))
            #expect(host.requests.isEmpty)
        }
    }

    @Test(
        arguments: [
            "", "HTTP/1.1 200 OK\r\nContent", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123456789",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "SSH-2.0-OpenSSH\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n12",
        ])
    func `an answer that is not whole is no answer`(answer: String) async throws {
        try await RawHost.run(["/": [.text(answer)]]) { base, host in
            #expect(Self.isNoAnswer(await error(HTTPClient(), Self.request(base + "/"))))
            #expect(host.requests.count == 1)
        }
    }

    // MARK: Bounds

    @Test(arguments: ["Content-Length: 1001\r\n\r\n", "\r\n"])
    func `a body over the limit is too large, announced or not`(fields: String) async throws {
        let steps: [RawHost.Step] = [.text(Self.ok + fields), .endless([UInt8](repeating: 7, count: 4096))]
        try await RawHost.run(["/": steps]) { base, _ in
            #expect(await error(HTTPClient(), Self.request(base + "/")) == .tooLarge)
        }
    }

    @Test(
        arguments: [
            [.text(ok), .endless(Array("X: 1\r\n".utf8))], [.text(ok + "X: "), .endless(Array("1".utf8))],
            [.endless(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))],
            [.text(ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n"), .endless(Array("X: 1\r\n".utf8))],
        ] as [[RawHost.Step]])
    func `an endless head ends the exchange`(answer: [RawHost.Step]) async throws {
        try await RawHost.run(["/": answer]) { base, _ in
            #expect(Self.isNoAnswer(await error(HTTPClient(), Self.request(base + "/"))))
        }
    }

    @Test(arguments: [[.silence], [.text(ok), .silence], [.text(ok + "Content-Length: 2\r\n\r\n1"), .silence]] as [[RawHost.Step]])
    func `the deadline ends an exchange wherever it is`(answer: [RawHost.Step]) async throws {
        try await RawHost.run(["/": answer]) { base, host in
            let error = await error(HTTPClient(), Self.request(base + "/", within: .milliseconds(300)))
            #expect(error == (host.requests.isEmpty ? .notSent(reason: "not in time") : .noAnswer(reason: "not in time")))
        }
    }

    @Test func `a deadline that has passed sends nothing`() async throws {
        try await RawHost.run(["/": [.text(Self.empty)]]) { base, host in
            #expect(Self.isNotSent(await error(HTTPClient(), Self.request(base + "/", within: .zero))))
            #expect(host.requests.isEmpty)
        }
    }

    @Test func `a host that stops is left long before the deadline`() async throws {
        try await RawHost.run(["/": [.text(Self.ok + "Content-Length: 2\r\n\r\n1"), .silence]]) { base, _ in
            var request = Self.request(base + "/")
            request.stall = .milliseconds(200)
            #expect(Self.isNoAnswer(await error(HTTPClient(), request)))
        }
    }

    @Test func `a task that is cancelled gets no answer at once`() async throws {
        try await RawHost.run(["/": [.silence]]) { base, host in
            let client = HTTPClient()
            let task = Task { await error(client, Self.request(base + "/")) }
            while host.requests.isEmpty { await Task.yield() }
            task.cancel()
            #expect(await task.value == .noAnswer(reason: "cancelled"))
        }
    }

    // MARK: Streams

    @Test func `a body is read no faster than it is taken, and comes whole`() async throws {
        let size = 4 << 20
        let steps: [RawHost.Step] = [.text(Self.ok + "Content-Length: \(size)\r\n\r\n"), .bytes([UInt8](repeating: 7, count: size))]
        try await RawHost.run(["/": steps]) { base, _ in
            let response = try await HTTPClient().open(Self.request(base + "/", limit: size))
            #expect(response.status == 200)
            var total = 0
            for _ in 1...3 {
                while !response.isPaused { await Task.yield() }
                let part = try #require(try await response.next())
                #expect(part.count < 2 * Transfer.highWater)
                total += part.count
            }
            while let part = try await response.next() { total += part.count }
            #expect(total == size)
        }
    }

    @Test func `a stream that is too long or cut says so at its end`() async throws {
        let cut: [RawHost.Step] = [.text(Self.ok + "Content-Length: 9\r\n\r\n12345678")]
        let long: [RawHost.Step] = [.text(Self.ok + "\r\n"), .endless([7])]
        try await RawHost.run(["/cut": cut, "/long": long]) { base, _ in
            for path in ["/cut", "/long"] {
                let response = try await HTTPClient().open(Self.request(base + path))
                do throws(HTTPClientError) {
                    while try await response.next() != nil {}
                    Issue.record("whole")
                } catch {
                    #expect(path == "/long" ? error == .tooLarge : Self.isNoAnswer(error), "\(error)")
                }
            }
        }
    }

    @Test func `a stream that nobody holds any more ends`() async throws {
        try await RawHost.run(["/": [.text(Self.ok + "\r\n1"), .silence]]) { base, host in
            let client = HTTPClient()
            do {
                let response = try await client.open(Self.request(base + "/"))
                #expect(try await response.next() == [UInt8(ascii: "1")])
            }
            while host.openConnections > 0 { await Task.yield() }
        }
    }
}
