import HTTPClient
import Jobs
import Synchronization
import TestSupport
import Testing

@testable import Pictures

/// A real exchange with hosts that behave, and with such that do not.
@Suite(.timeLimit(.minutes(5))) struct HTTPPictureSourceTests {
    private static let limit = 1000

    /// Runs `body` with a folder that fetches from a host with these answers.
    private func with(
        _ answers: [String: [RawHost.Step]], stall: Duration = .seconds(30),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        _ body: @escaping @Sendable (_ pictures: PictureFolder, _ base: String, RawHost, TemporaryFolder) async throws -> Void
    ) async throws {
        try await RawHost.run(answers) { base, host in
            let folder = try TemporaryFolder()
            var limits = HTTPPictureSource.Limits()
            limits.bytes = Self.limit
            limits.stall = stall
            let source = HTTPPictureSource(client: HTTPClient(), userAgent: "Mozilla/5.0 (test)", limits: limits, now: now) {
                $0.hasPrefix(base)
            }
            try await body(PictureFolder(path: folder.path, source: source), base, host, folder)
        }
    }

    private func failure(_ pictures: PictureFolder, _ url: String) async -> PictureFailure? {
        do throws(PictureFailure) {
            _ = try await pictures.fetch(url)
            return nil
        } catch {
            return error
        }
    }

    struct Row: CustomTestStringConvertible {
        let testDescription: String
        let answer: [RawHost.Step]
        let isExpected: @Sendable (PictureFailure?) -> Bool

        init(_ name: String, _ answer: [RawHost.Step], _ isExpected: @escaping @Sendable (PictureFailure?) -> Bool) {
            testDescription = name
            self.answer = answer
            self.isExpected = isExpected
        }

        init(_ name: String, _ answer: [RawHost.Step], _ failure: PictureFailure?) {
            self.init(name, answer) { $0 == failure }
        }
    }

    private static let ok = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"
    private static let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    private static let length = "Content-Length: \(Sample.png.count)\r\n\r\n"
    private static let large = Sample.png + [UInt8](repeating: 7, count: limit - Sample.png.count)
    private static let chunked = "Transfer-Encoding: chunked\r\n\r\n"
    private static let isNoAnswer: @Sendable (PictureFailure?) -> Bool = { if case .noAnswer = $0 { true } else { false } }

    private static let rows = [
        Row("a picture with its length", [.text(ok + length), .bytes(Sample.png)], nil),
        Row("in chunks", [.text(ok + chunked + "91\r\n"), .bytes(Sample.png), .text("\r\n0\r\n\r\n")], nil),
        Row("until the connection ends", [.text(ok + "Connection: close\r\n\r\n"), .bytes(Sample.png)], nil),
        Row("a picture that says it is a page", [.text(page + length), .bytes(Sample.png)], nil),
        Row("as large as allowed", [.text(ok + "Content-Length: \(limit)\r\n\r\n"), .bytes(large)], nil),
        Row("one byte more, announced, and never sent", [.text(ok + "Content-Length: \(limit + 1)\r\n\r\n"), .silence], .tooLarge),
        Row("larger than any number", [.text(ok + "Content-Length: 99999999999999999999\r\n\r\n"), .silence], { $0 != nil }),
        Row("one byte more, until the end", [.text(ok + "Connection: close\r\n\r\n"), .bytes(large + [1]), .silence], .tooLarge),
        Row("endless, in chunks", [.text(ok + chunked), .endless(Array("91\r\n".utf8) + Sample.png + Array("\r\n".utf8))], .tooLarge),
        Row(
            "a page that says it is a picture",
            [.text(ok + "Content-Length: 39\r\n\r\n<!DOCTYPE html><script>alert()</script>"), .silence],
            .notAPicture),
        Row("a drawing", [.text("HTTP/1.1 200 OK\r\nContent-Type: image/svg+xml\r\n\r\n<svg onload=\"alert()\"/>")], .notAPicture),
        Row("nothing", [.text(ok + "Content-Length: 0\r\n\r\n")], .notAPicture),
        Row("half of it", [.text(ok + length), .bytes(Array(Sample.png.prefix(54)))], isNoAnswer),
        Row("half of its chunks", [.text(ok + chunked + "91\r\n"), .bytes(Array(Sample.png.prefix(54)))], isNoAnswer),
        Row("half of it, until the end", [.text(ok + "Connection: close\r\n\r\n"), .bytes(Array(Sample.png.prefix(54)))], .cut),
        Row("40 bytes of it, until the end", [.text(ok + "Connection: close\r\n\r\n"), .bytes(Array(Sample.png.prefix(40)))], .cut),
        Row(
            "half of it, which is called the whole",
            [.text(ok + "Content-Length: 54\r\n\r\n"), .bytes(Array(Sample.png.prefix(54)))], .cut),
        Row("no answer at all", [], isNoAnswer),
        Row("no HTTP", [.text("hello\r\n\r\n")], isNoAnswer),
        Row("not found", [.text("HTTP/1.1 404 Not Found\r\n" + length), .bytes(Sample.png)], .status(404)),
        Row("a part", [.text("HTTP/1.1 206 Partial Content\r\n" + length), .bytes(Sample.png)], .status(206)),
        Row("trouble", [.text("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")], .status(503)),
        Row(
            "429 with a time", [.text("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n")],
            .limited(retryAfter: .seconds(5))),
        Row(
            "429 with a time beyond every number",
            [.text("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 9223372036854775808\r\nContent-Length: 0\r\n\r\n")],
            .limited(retryAfter: .seconds(3600))),
        Row(
            "429 with a date",
            [
                .text(
                    "HTTP/1.1 429 Too Many Requests\r\nDate: Sun, 22 Nov 2026 12:00:00 GMT\r\n"
                        + "Retry-After: Sun, 22 Nov 2026 12:00:40 GMT\r\nContent-Length: 0\r\n\r\n")
            ], .limited(retryAfter: .seconds(40))),
        Row(
            "429 with no time", [.text("HTTP/1.1 429 Too Many Requests\r\nRetry-After: -5\r\nContent-Length: 0\r\n\r\n")],
            .limited(retryAfter: nil)),
        Row("429 alone", [.text("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n")], .limited(retryAfter: nil)),
    ]

    @Test(arguments: rows)
    func `each answer ends as it must, and only a whole picture is kept`(row: Row) async throws {
        try await with(["/1.png": row.answer]) { pictures, base, host, folder in
            let failure = await failure(pictures, base + "/1.png")
            #expect(row.isExpected(failure), "\(failure.map { "\($0)" } ?? "kept")")
            #expect(folder.files.count == (failure == nil ? 1 : 0))
            #expect(host.requests.count == 1)
        }
    }

    @Test(arguments: [[], [.text(ok)], [.text(ok + length), .bytes(Array(Sample.png.prefix(54)))]] as [[RawHost.Step]])
    func `a host that stops in the middle is left`(answer: [RawHost.Step]) async throws {
        try await with(["/1.png": answer + [.silence]], stall: .milliseconds(200)) { pictures, base, _, folder in
            let failure = await failure(pictures, base + "/1.png")
            #expect(Self.isNoAnswer(failure))
            #expect(folder.files == [])
        }
    }

    @Test func `a host that always has a little more is left when the time is over`() async throws {
        // Each time that somebody looks at this clock, a minute has passed.
        let start = ContinuousClock.now
        let looks = Mutex(0)
        let answer: [RawHost.Step] = [.text(Self.ok + Self.chunked + "91\r\n"), .bytes(Sample.png), .text("\r\n"), .silence]
        let now: @Sendable () -> ContinuousClock.Instant = {
            let minutes = looks.withLock { count in
                count += 1
                return count
            }
            return start + .seconds(60 * minutes)
        }
        try await with(["/1.png": answer], now: now) { pictures, base, _, folder in
            #expect(await failure(pictures, base + "/1.png") == .noAnswer(reason: "not whole in time"))
            #expect(folder.files == [])
        }
    }

    @Test func `a request says who asks, and nothing that is secret or was said before`() async throws {
        let cookie = "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nConnection: close\r\n" + Self.length
        try await with(["/1.png": [.text(cookie), .bytes(Sample.png)]]) { pictures, base, host, _ in
            for _ in 1...2 { _ = try await pictures.fetch(base + "/1.png") }
            #expect(host.requests.count == 2)
            for request in host.requests.map({ $0.lowercased() }) {
                #expect(request.hasPrefix("get /1.png http/1.1\r\n"))
                #expect(request.contains("\r\nuser-agent: mozilla/5.0 (test)\r\n"))
                for name in ["authorization", "cookie", "referer"] { #expect(!request.contains("\r\n\(name):")) }
            }
        }
    }

    private static func redirect(_ status: String = "302 Found", to location: String) -> [RawHost.Step] {
        [.text("HTTP/1.1 \(status)\r\nLocation: \(location)\r\nContent-Length: 0\r\n\r\n")]
    }

    @Test(arguments: ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"])
    func `a redirect to where pictures may be is followed, without a secret`(status: String) async throws {
        let picture: [RawHost.Step] = [.text(Self.ok + Self.length), .bytes(Sample.png)]
        try await with(["/1.png": Self.redirect(status, to: "a/2.png?x=1#y"), "/a/2.png?x=1": picture]) { pictures, base, host, folder in
            #expect(await failure(pictures, base + "/1.png") == nil)
            #expect(folder.files.count == 1)
            #expect(host.requests.count == 2)
            for request in host.requests.map({ $0.lowercased() }) {
                for name in ["authorization", "cookie", "referer"] { #expect(!request.contains("\r\n\(name):")) }
            }
        }
    }

    @Test func `three redirects are followed, and a fourth is not`() async throws {
        var answers = Dictionary(uniqueKeysWithValues: (1...4).map { ("/\($0)", Self.redirect(to: "/\($0 + 1)")) })
        answers["/5"] = [.text(Self.ok + Self.length), .bytes(Sample.png)]
        try await with(answers) { pictures, base, host, _ in
            #expect(await failure(pictures, base + "/2") == nil)
            #expect(host.requests.count == 4)
            #expect(await failure(pictures, base + "/1") == .redirected)
            #expect(host.requests.count == 8)
        }
    }

    @Test(arguments: [
        "http://127.0.0.1:1/inside", "https://127.0.0.1/1.png", "file:///etc/passwd", "ftp://127.0.0.1/1.png", "//evil.example/1.png",
        "http://", "",
    ])
    func `a redirect to another host or scheme is not followed, and tried again later`(location: String) async throws {
        try await with(["/1.png": Self.redirect(to: location)]) { pictures, base, host, folder in
            let failure = await failure(pictures, base + "/1.png")
            #expect(failure == .redirected)
            #expect(failure?.isFinal == false)
            #expect(folder.files == [])
            #expect(host.requests.count == 1)
        }
    }

    @Test func `an address that is not allowed is not asked for`() async throws {
        try await with([:]) { pictures, base, host, _ in
            #expect(await failure(pictures, "http://localhost" + base.dropFirst("http://127.0.0.1".count) + "/1.png") == .notAllowed)
            #expect(await failure(pictures, "file:///etc/passwd") == .notAllowed)
            #expect(host.requests.isEmpty)
        }
    }

    @Test func `a host that is not there is no answer`() async throws {
        let source = HTTPPictureSource(client: HTTPClient(), userAgent: "test") { _ in true }
        let folder = try TemporaryFolder()
        // Port 1 of this machine has nobody who listens.
        let failure = await failure(PictureFolder(path: folder.path, source: source), "http://127.0.0.1:1/1.png")
        #expect(Self.isNoAnswer(failure))
    }

    @Test func `a fetch that is not wanted any more ends at once and leaves nothing`() async throws {
        let steps: [RawHost.Step] = [.text(Self.ok + Self.length), .bytes(Array(Sample.png.prefix(54))), .silence]
        try await with(["/1.png": steps]) { pictures, base, _, folder in
            let task = Task { await failure(pictures, base + "/1.png") }
            while folder.files.isEmpty { await Task.yield() }
            task.cancel()
            #expect(Self.isNoAnswer(await task.value))
            #expect(folder.files == [])
        }
    }
}
