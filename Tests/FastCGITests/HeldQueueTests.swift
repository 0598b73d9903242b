import Answers
import Glibc
import HTTPTypes
import TestSupport
import Testing

@testable import FastCGI

/// Held answers in the queue, with no server around it.
@Suite(.timeLimit(.minutes(5))) struct HeldQueueTests {
    private let listening: (ours: Int32, theirs: Int32)
    private let tasks: (ours: Int32, theirs: Int32)
    private let queue: ReadyQueue
    private let role: Leadership.Role

    init() throws {
        (listening, tasks) = (try Self.pair(), try Self.pair())
        queue = try ReadyQueue(listening: listening.ours, workerTasks: tasks.ours, workers: 1)
        role = Leadership.Role(queue.leadership)
    }

    private static func pair() throws -> (ours: Int32, theirs: Int32) {
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        return (ends[0], ends[1])
    }

    private static func answer(for topic: Int) -> OutgoingAnswer {
        let answer = OutgoingAnswer(
            to: HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/"), id: "1", request: 1, ending: .kept)
        answer.wait = Wait(for: topic, atMost: .seconds(1)) { _ in Answer() }
        return answer
    }

    private func finish(_ connections: (ours: Int32, theirs: Int32)...) {
        for ends in connections + [listening, tasks] { for end in [ends.ours, ends.theirs] { close(end) } }
    }

    @Test func `it is due at its moment and not before`() throws {
        let connection = try Self.pair()
        defer { finish(connection) }
        let moment = ContinuousClock.now + .seconds(3600)
        queue.park(connection.ours, isNew: true, for: .answer(Self.answer(for: 1)), until: moment, since: queue.changes)
        #expect(queue.takeOverdue(at: moment - .nanoseconds(1)).isEmpty)
        #expect(queue.takeWoken().isEmpty)
        #expect(queue.takeOverdue(at: moment).isEmpty)
        let woken = queue.takeWoken()
        #expect(woken.map(\.connection) == [connection.ours])
        #expect(woken.map(\.occasion) == [.due])
        #expect(queue.heldCount == 0)
    }

    @Test func `one that was looked at before a change does not wait for the next`() throws {
        let connection = try Self.pair()
        defer { finish(connection) }
        let changes = queue.changes
        queue.wake([7])
        queue.park(connection.ours, isNew: true, for: .answer(Self.answer(for: 1)), until: .now + .seconds(3600), since: changes)
        guard case .woken = queue.next(role) else { throw CancellationError() }
        #expect(queue.takeWoken().map(\.occasion) == [.changed])
    }

    @Test func `an event of an earlier wait ends no later one`() throws {
        let (first, second) = (try Self.pair(), try Self.pair())
        defer { finish(first, second) }
        let answer = Self.answer(for: 1)
        queue.park(first.ours, isNew: true, for: .request(latest: nil))
        queue.park(second.ours, isNew: true, for: .answer(answer), until: .now + .seconds(3600), since: queue.changes)
        // Both are ready, and both events are taken from the system at once.
        for ends in [first, second] { write(ends.theirs, "x", 1) }
        guard case .connection(first.ours, _) = queue.next(role) else { throw CancellationError() }
        // Before the second event is looked at its connection is woken, read, and waits again.
        queue.wake(nil)
        #expect(queue.takeWoken().map(\.connection) == [second.ours])
        var byte: UInt8 = 0
        #expect(recv(second.ours, &byte, 1, 0) == 1)
        queue.park(second.ours, isNew: false, for: .answer(answer), until: .now + .seconds(3600), since: queue.changes)
        queue.stop()
        guard case .stop = queue.next(role) else { throw CancellationError() }
        #expect(queue.heldCount == 1)
    }

    @Test func `when the server stops all are woken, and none waits again`() throws {
        let (first, second) = (try Self.pair(), try Self.pair())
        defer { finish(first, second) }
        queue.park(first.ours, isNew: true, for: .answer(Self.answer(for: 1)), until: .now + .seconds(3600), since: queue.changes)
        queue.stopAccepting {}
        queue.park(second.ours, isNew: true, for: .answer(Self.answer(for: 2)), until: .now + .seconds(3600), since: queue.changes)
        queue.stop()
        guard case .woken = queue.next(role) else { throw CancellationError() }
        let woken = queue.takeWoken()
        #expect(woken.map(\.connection) == [first.ours, second.ours])
        #expect(woken.allSatisfy { $0.occasion == .stopping })
        guard case .stop = queue.next(role) else { throw CancellationError() }
    }

    @Test func `they come a few at a time, in their order`() {
        defer { finish() }
        let woken = WokenAnswers()
        woken.add((0..<20).map { .init(connection: $0, answer: Self.answer(for: 1), occasion: .changed) })
        let turns = (0..<4).map { _ in woken.take().map(\.connection) }
        #expect(turns == [Array(0..<8), Array(8..<16), Array(16..<20), []])
        #expect(woken.isEmpty)
    }
}
