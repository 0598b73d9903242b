import Answers
import FastCGI
import HTTPTypes
import Synchronization
import TestSupport
import Testing

/// Readers of streams that take less than there is to say. One that takes nothing at all is in ``BrokenPeerTests``.
@Suite(.timeLimit(.minutes(5))) struct SlowReaderTests {
    private static let piece = [UInt8](repeating: 7, count: 1 << 20)

    @Test func `it keeps no one waiting, and is told once for many changes`() async throws {
        try await HeldFixture.run(.init(threads: 1, ioTimeout: .seconds(3600), drainTime: .zero)) { held in
            held.words.set(Self.piece)
            let client = try await held.hold("/stream/a")
            held.wake("a")
            // What does not fit into the connection's buffer waits for the reader.
            try await held.repeats { held.words.asked == 1 && held.server.heldRequests == 0 }
            for _ in 0..<20 { held.wake("a") }
            #expect(try await held.fixture.exchange(HeldFixture.get("/"))?.text == "plain")
            #expect(held.words.asked == 1)
            held.words.set(Array("end".utf8), isLast: true)
            let body = try await onThread { try client.receiveAnswer()?.body }
            #expect(body?.count == 6 + Self.piece.count + 3)
            #expect(body?.starts(with: Array("begin ".utf8) + Self.piece) == true)
            #expect(body?.suffix(3).elementsEqual("end".utf8) == true)
            #expect(held.words.asked == 2)
        }
    }

    @Test func `while the server stops it gets what it has not taken, and its last piece`() async throws {
        let client = try await HeldFixture.run { held in
            held.words.set(Self.piece)
            let client = try await held.hold("/stream/a")
            held.wake("a")
            try await held.repeats { held.words.asked == 1 && held.server.heldRequests == 0 }
            held.words.set([])
            await held.fixture.stop()
            // The server waits for its reader.
            let body = try await onThread { try client.receiveAnswer()?.body }
            #expect(body?.count == 6 + Self.piece.count + 8)
            #expect(body?.starts(with: Array("begin ".utf8) + Self.piece) == true)
            #expect(body?.suffix(8).elementsEqual("stopping".utf8) == true)
            return client
        }
        #expect(try await onThread { try client.receiveEnd() })
    }
}
