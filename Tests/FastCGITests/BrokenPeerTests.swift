import Answers
import FastCGI
import Glibc
import HTTPTypes
import Synchronization
import TestSupport
import Testing

/// Web servers and clients that go away or fall silent; each time on one thread, which has to be free for the next request.
@Suite struct BrokenPeerTests {
    private static let get: KeyValuePairs = ["REQUEST_METHOD": "GET", "REQUEST_URI": "/a"]
    private static let patient = Server.Settings(threads: 1, ioTimeout: .seconds(3600), drainTime: .zero)
    private static let impatient = Server.Settings(threads: 1, ioTimeout: .milliseconds(20), drainTime: .zero)

    /// Every way to leave a request undone: in the header, between and in pairs, and in the body.
    private static let cuts: [String: [UInt8]] = {
        let begin = FastCGIRecord.begin(isKept: true).bytes
        let post = FastCGIRecord(
            .parameters,
            FastCGIRecord.pairs(["REQUEST_METHOD": "POST", "REQUEST_URI": "/a", "CONTENT_LENGTH": "10"])
        ).bytes
        let end = FastCGIRecord(.parameters).bytes
        return [
            "in the first header": Array(begin.prefix(5)),
            "after BEGIN_REQUEST": begin,
            "between two pairs": begin + post,
            "in a pair": begin + FastCGIRecord(.parameters, Array(FastCGIRecord.pairs(Self.get).dropLast(3))).bytes,
            "in a record": begin + post.dropLast(3),
            "before the body": begin + post + end,
            "in the body": begin + post + end + FastCGIRecord(.standardInput, [1, 2, 3]).bytes,
            "before the body's end": begin + post + end + FastCGIRecord(.standardInput, Array(0..<10)).bytes,
        ]
    }()

    @Test(arguments: cuts.keys.sorted())
    func `a peer that closes in the middle of a request frees the thread, and its request is not run`(cut: String) async throws {
        #expect(
            try await answersAfter(Self.patient) { client in
                try client.send(Self.cuts[cut] ?? [])
                client.finishSending()
                _ = try client.receiveAnswer()
            } == ["/b"])
    }

    @Test(arguments: cuts.keys.sorted())
    func `a peer that falls silent in the middle of a request frees the thread after the time-out`(cut: String) async throws {
        #expect(
            try await answersAfter(Self.impatient) { client in
                try client.send(Self.cuts[cut] ?? [])
                _ = try client.receiveAnswer()
            } == ["/b"])
    }

    @Test func `while half of the threads wait for half a request each, and 1000 connections say nothing, an honest request is answered`()
        async throws
    {
        // 2000 ends of connections are in this process.
        var descriptors = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &descriptors)
        descriptors.rlim_cur = descriptors.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &descriptors)
        let settings = Server.Settings(threads: 4, ioTimeout: .seconds(3600), drainTime: .zero)
        let answer = try await ServerFixture.run(settings) { server in
            try await onThread { [target = server.target] in
                let idle = try (0..<1000).map { _ in try FastCGIClient(target) }
                let slow = try (0..<2).map { _ in try FastCGIClient(target) }
                for client in slow { try client.send(Self.cuts["in the body"] ?? []) }
                let answer = try FastCGIClient(target).exchange(Self.get)
                // An idle one may speak at last.
                let late = try idle[500].exchange(Self.get)
                for client in slow { client.finishSending() }
                return [answer?.status, late?.status]
            }
        }
        #expect(answer == [200, 200])
    }

    /// Where a record can follow.
    @Test(arguments: cuts.keys.filter { !["in the first header", "in a record"].contains($0) }.sorted())
    func `FCGI_ABORT_REQUEST in the middle of a request ends it and closes the connection`(cut: String) async throws {
        #expect(
            try await answersAfter(Self.patient) { client in
                try client.send((Self.cuts[cut] ?? []) + FastCGIRecord(.abortRequest).bytes)
                while try client.receive() != nil {}
            } == ["/b"])
    }

    @Test func `a body that stops before its Content-Length is answered with 400 and never given to the responder`() async throws {
        let answer = try await ServerFixture.run(Self.patient) { server in
            try await server.exchange(
                ["REQUEST_METHOD": "POST", "REQUEST_URI": "/a", "CONTENT_LENGTH": "10"],
                body: [1, 2, 3]
            )
        }
        #expect(answer?.status == 400)
        #expect(answer?.text == "bad_request request-7: The body ended too early.")
    }

    @Test func `a peer that does not read its answer frees the thread after the time-out`() async throws {
        let settings = Self.impatient
        let answer = try await ServerFixture.run(
            settings,
            respond: { request, variables, body in
                request.path == "/large"
                    ? (.init(status: .ok), [UInt8](repeating: 0, count: 64 << 20)) : try ServerFixture.echo(request, variables, body)
            }
        ) { server in
            let lazy = try await onThread { [target = server.target] in try FastCGIClient(target) }
            try await onThread { try lazy.send(["REQUEST_METHOD": "GET", "REQUEST_URI": "/large"]) }
            defer { withExtendedLifetime(lazy) {} }
            return try await server.exchange(Self.get)
        }
        #expect(answer?.status == 200)
    }

    @Test func `a peer that does not read an answer that comes bit by bit is dropped after the time-out`() async throws {
        let ends = AsyncStream.makeStream(of: Void.self)
        let answer = try await ServerFixture.run(
            Self.impatient,
            waiting: { request, _, _, _ in
                guard request.path == "/endless" else { return Answer(.init(status: .ok)) }
                return endless(Answer(.init(status: .ok)), whenGone: LastWord { ends.continuation.yield() })
            }
        ) { server in
            let lazy = try await onThread { [target = server.target] in try FastCGIClient(target) }
            try await onThread { try lazy.send(["REQUEST_METHOD": "GET", "REQUEST_URI": "/endless"]) }
            defer { withExtendedLifetime(lazy) {} }
            for await _ in ends.stream { break }
            return try await server.exchange(Self.get)
        }
        #expect(answer?.status == 200)
    }

    @Test func `a request that comes byte by byte is answered, and so are all others meanwhile`() async throws {
        let settings = Server.Settings(threads: 2, ioTimeout: .seconds(3600), drainTime: .zero)
        let (slow, others) = try await ServerFixture.run(settings) { server in
            try await onThread { [target = server.target] in
                let slow = try FastCGIClient(target)
                var others: [Int] = []
                let rest = FastCGIRecord(.standardInput, Array(3..<10)).bytes + FastCGIRecord(.standardInput).bytes
                for byte in (Self.cuts["in the body"] ?? []) + rest {
                    try slow.send([byte])
                    others.append(try FastCGIClient(target).exchange(Self.get)?.status ?? 0)
                }
                return (try slow.receiveAnswer(), others)
            }
        }
        #expect(slow?.status == 200)
        #expect(slow?.text.hasSuffix("\n10") == true)
        #expect(Set(others) == [200])
    }

    /// Does something broken on one connection, then an honest request on another; the paths that the responder has seen.
    private func answersAfter(
        _ settings: Server.Settings,
        _ use: @escaping @Sendable (FastCGIClient) throws -> Void
    ) async throws -> [String] {
        let paths = Paths()
        try await ServerFixture.run(
            settings,
            respond: { request, variables, body in
                paths.seen.withLock { $0.append(request.path ?? "") }
                return try ServerFixture.echo(request, variables, body)
            }
        ) { server in
            try await server.connection(use)
            #expect(try await server.exchange(["REQUEST_METHOD": "GET", "REQUEST_URI": "/b"])?.status == 200)
        }
        return paths.seen.withLock { $0 }
    }

    private final class Paths: Sendable {
        let seen = Mutex<[String]>([])
    }
}

/// An answer that always has more to say; it keeps `lastWord` until it is gone.
private func endless(_ answer: Answer, whenGone lastWord: LastWord) -> Answer {
    var answer = answer
    answer.wait = Wait(for: 0, atMost: .zero) { _ in endless(Answer(nil, [UInt8](repeating: 0, count: 4096)), whenGone: lastWord) }
    return answer
}

/// Says when it is gone.
private final class LastWord: Sendable {
    private let say: @Sendable () -> Void

    init(_ say: @escaping @Sendable () -> Void) { self.say = say }

    deinit { say() }
}
