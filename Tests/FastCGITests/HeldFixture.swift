import Answers
import FastCGI
import HTTPTypes
import Synchronization
import TestSupport

/// A server whose requests wait: `/poll/TOPIC` for one change, `/stream/TOPIC` for each.
struct HeldFixture: Sendable {
    let fixture: ServerFixture
    let words: Words

    /// What the streams say next, and how often it was asked for.
    final class Words: Sendable {
        private let state = Mutex<(piece: [UInt8], isLast: Bool, asked: Int)>(([], false, 0))

        var asked: Int { state.withLock { $0.asked } }

        func set(_ piece: [UInt8], isLast: Bool = false) { state.withLock { ($0.piece, $0.isLast) = (piece, isLast) } }

        fileprivate func take() -> (piece: [UInt8], isLast: Bool) {
            state.withLock { state in
                state.asked += 1
                return (state.piece, state.isLast)
            }
        }
    }

    struct Failure: Error {}

    /// Patient, so that nothing ends by itself.
    static let patient = Server.Settings(threads: 2, ioTimeout: .seconds(3600), requestTime: .seconds(3600), drainTime: .zero)

    static func run<Result: Sendable>(
        _ settings: Server.Settings = patient, clock: any Clock<Duration> = ContinuousClock(), respond: Responder? = nil,
        _ body: @Sendable (HeldFixture) async throws -> Result
    ) async throws -> Result {
        let words = Words()
        return try await ServerFixture.run(settings, clock: clock, waiting: respond ?? { try responder($0, words, mayWait: $3) }) {
            fixture in
            try await body(HeldFixture(fixture: fixture, words: words))
        }
    }

    private static func responder(_ request: HTTPRequest, _ words: Words, mayWait: Bool) throws -> Answer {
        let parts = (request.path ?? "").split(separator: "/").map(String.init)
        guard parts.count == 2 else { return Answer(.init(status: .ok), Array("plain".utf8)) }
        guard mayWait else { return Answer(.init(status: .ok), Array("full".utf8)) }
        switch parts[0] {
        case "poll": return Answer(wait: poll(for: parts[1], words))
        case "stream": return Answer(.init(status: .ok), Array("begin ".utf8), wait: stream(for: parts[1], words))
        case "failing": return Answer(wait: Wait(for: parts[1], atMost: .seconds(3600)) { _ in throw Failure() })
        default:
            return Answer(
                .init(status: .ok), Array("begin ".utf8), wait: Wait(for: parts[1], atMost: .seconds(3600)) { _ in throw Failure() })
        }
    }

    private static func poll(for topic: String, _ words: Words) -> Wait {
        Wait(for: topic, atMost: .seconds(3600)) { occasion in
            Answer(.init(status: .ok), Array("\(occasion) ".utf8) + words.take().piece)
        }
    }

    private static func stream(for topic: String, _ words: Words) -> Wait {
        Wait(for: topic, atMost: .seconds(3600)) { occasion in
            let (piece, isLast) = words.take()
            guard occasion != .stopping else { return Answer(nil, Array("stopping".utf8)) }
            return Answer(nil, piece, wait: isLast ? nil : stream(for: topic, words))
        }
    }

    static func get(_ path: String) -> KeyValuePairs<String, String> { ["REQUEST_METHOD": "GET", "REQUEST_URI": path] }

    var server: Server { fixture.server }

    /// Sends a request on a new connection.
    func send(_ path: String, method: String = "GET", isKept: Bool = false) async throws -> FastCGIClient {
        try await onThread { [target = fixture.target] in
            let client = try FastCGIClient(target)
            try client.send(["REQUEST_METHOD": method, "REQUEST_URI": path], isKept: isKept)
            return client
        }
    }

    /// Sends one, and waits until it is held.
    func hold(_ path: String, method: String = "GET", isKept: Bool = false) async throws -> FastCGIClient {
        let count = server.heldRequests
        let client = try await send(path, method: method, isKept: isKept)
        try await isHeld(count + 1)
        return client
    }

    /// Waits until so many are held; another request is answered each time it looks.
    func isHeld(_ count: Int) async throws {
        try await repeats { server.heldRequests == count }
    }

    /// Waits until something is so.
    func repeats(until isSo: () throws -> Bool) async throws {
        while try !isSo() {
            guard try await fixture.exchange(Self.get("/"))?.text == "plain" else { throw Failure() }
        }
    }

    func wake(_ topic: String) { server.wake([topic]) }
}
