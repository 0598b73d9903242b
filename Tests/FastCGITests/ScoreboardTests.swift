import HTTPTypes
import Synchronization
import TestSupport
import Testing

@testable import FastCGI

/// What a scoreboard shows of workers.
@Suite struct ScoreboardTests {
    @Test func `busy workers are counted, and how often all were`() {
        let board = Scoreboard(workers: 2)
        #expect(board.snapshot.lines.map(\.activity) == [.idle, .idle])
        board.begin(board.places[1])
        #expect(board.snapshot.lines.map(\.activity) == [.idle, .reading])
        #expect(board.snapshot.timesAllBusy == 0)
        board.begin(board.places[0])
        board.end(board.places[0])
        board.begin(board.places[0])
        #expect(board.snapshot.mostBusy == 2)
        #expect(board.snapshot.timesAllBusy == 2)
        board.end(board.places[0])
        board.end(board.places[1])
        #expect(board.snapshot.lines.map(\.activity) == [.idle, .idle])
        #expect(board.snapshot.mostBusy == 2)
    }

    @Test func `a request stays on its worker's line until the next, and is counted`() {
        let board = Scoreboard(workers: 1)
        board.begin(board.places[0])
        #expect(board.snapshot.lines[0].request == nil)
        board.places[0].take(HTTPRequest(method: .post, scheme: "http", authority: nil, path: "/a"), id: "7")
        board.places[0].enter(.running)
        board.end(board.places[0])
        let line = board.snapshot.lines[0]
        #expect(line.activity == .idle)
        #expect(line.requests == 1)
        #expect(line.requestID == "7")
        #expect(line.request?.path == "/a")
    }

    @Test func `a responder finds itself running, and the server knows its idle connections`() async throws {
        let seen = Mutex<Scoreboard.Line?>(nil)
        let place = Mutex<Server?>(nil)
        try await ServerFixture.run(.init(threads: 1, drainTime: .zero), told: { server in place.withLock { $0 = server } }) {
            request, variables, body in
            let line = place.withLock { $0?.workers.lines[0] }
            seen.withLock { $0 = line }
            return try ServerFixture.echo(request, variables, body)
        } _: { fixture in
            let kept = try await fixture.connection { client in
                _ = try client.exchange(["REQUEST_METHOD": "GET", "REQUEST_URI": "/x"], isKept: true)
                return client
            }
            #expect(seen.withLock { $0?.activity } == .running)
            #expect(seen.withLock { $0?.request?.path } == "/x")
            let server = try #require(place.withLock { $0 })
            // The answer is out before the connection is watched again; the worker then takes up the next errand.
            await withCheckedContinuation { continuation in server.whenWorkerIsFree { continuation.resume() } }
            #expect(server.idleConnections == 1)
            withExtendedLifetime(kept) {}
        }
    }
}
