import Glibc
import Testing

@testable import FastCGI

/// What was ready together with something else.
@Suite(.timeLimit(.minutes(5))) struct PendingEventsTests {
    /// Two ends of a connection.
    private static func pair() throws -> (ours: Int32, theirs: Int32) {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        return (ends[0], ends[1])
    }

    /// What an event is about.
    private static func descriptor(of event: ReadyQueue.Event, listening: Int32 = -1) -> Int32 {
        switch event {
        case .listening: listening
        case .connection(let connection, _): connection
        case .overdue, .woken, .task, .stop: -2
        }
    }

    @Test func `they are taken in the order in which they came`() {
        let pendingEvents = PendingEvents()
        pendingEvents.add([5, 6, 7].map { Readiness(descriptor: $0) })
        #expect(!pendingEvents.isEmpty)
        #expect((0..<4).map { _ in pendingEvents.take()?.descriptor } == [5, 6, 7, nil])
        #expect(pendingEvents.isEmpty)
    }

    @Test func `a watch that sleeps is called when there is one, and does not sleep while there is one`() throws {
        let pendingEvents = PendingEvents()
        let quiet = try Self.pair()
        defer { for end in [quiet.ours, quiet.theirs] { close(end) } }
        for number in Int32(1)...100 {
            // It comes now before the watch sleeps, now while it does.
            let watch = try WorkerThread(name: "watch") { pendingEvents.sleep(until: quiet.ours) }
            if number.isMultiple(of: 2) { sched_yield() }
            pendingEvents.add([Readiness(descriptor: number)])
            watch.join()
            #expect(pendingEvents.take()?.descriptor == number)
        }
    }

    @Test func `an event wakes a watch too`() throws {
        let pendingEvents = PendingEvents()
        let lively = try Self.pair()
        defer { for end in [lively.ours, lively.theirs] { close(end) } }
        write(lively.theirs, "x", 1)
        pendingEvents.sleep(until: lively.ours)
        #expect(pendingEvents.isEmpty)
    }

    @Test func `connections that wait to be accepted come in their turn, however many others are ready`() throws {
        let (listening, workerTasks, early, late) = (try Self.pair(), try Self.pair(), try Self.pair(), try Self.pair())
        let queue = try ReadyQueue(listening: listening.ours, workerTasks: workerTasks.ours, workers: 1)
        defer { for end in [listening, workerTasks].flatMap({ [$0.ours, $0.theirs] }) + [early.theirs, late.theirs] { close(end) } }
        for connection in [early, late] { write(connection.theirs, "x", 1) }
        queue.park(early.ours, isNew: true, for: .request(latest: nil))
        write(listening.theirs, "x", 1)
        queue.park(late.ours, isNew: true, for: .request(latest: nil))
        let role = Leadership.Role(queue.leadership)
        let taken = (0..<3).map { _ in Self.descriptor(of: queue.next(role), listening: listening.ours) }
        #expect(taken == [early.ours, listening.ours, late.ours])
        for connection in [early, late] { close(connection.ours) }
    }

    @Test func `what was ready together with a connection that was taken is seen, and is another worker's`() throws {
        let (listening, workerTasks) = (try Self.pair(), try Self.pair())
        let queue = try ReadyQueue(listening: listening.ours, workerTasks: workerTasks.ours, workers: 2)
        let connections = try (0..<3).map { _ in try Self.pair() }
        defer { for end in [listening, workerTasks].flatMap({ [$0.ours, $0.theirs] }) + connections.map(\.theirs) { close(end) } }
        for connection in connections {
            queue.park(connection.ours, isNew: true, for: .request(latest: nil))
            write(connection.theirs, "x", 1)
        }
        let (first, second) = (Leadership.Role(queue.leadership), Leadership.Role(queue.leadership))
        var taken = [Self.descriptor(of: queue.next(first))]
        // The first is held up: another one is promoted, because this is seen.
        #expect(queue.hasEvent)
        #expect(queue.waitForEvent())
        queue.leadership.promote()
        for _ in 1...2 { taken.append(Self.descriptor(of: queue.next(second))) }
        #expect(taken == connections.map(\.ours))
        #expect(!queue.hasEvent)
        for connection in connections { close(connection.ours) }
    }

    @Test func `a kept connection is seen again whatever came before it was parked: a request, an end, both at once`() throws {
        let (listening, workerTasks) = (try Self.pair(), try Self.pair())
        let queue = try ReadyQueue(listening: listening.ours, workerTasks: workerTasks.ours, workers: 1)
        let (kept, other) = (try Self.pair(), try Self.pair())
        defer { for end in [listening, workerTasks, kept, other].flatMap({ [$0.ours, $0.theirs] }) { close(end) } }
        let role = Leadership.Role(queue.leadership)
        func next() -> Int32 { Self.descriptor(of: queue.next(role)) }
        func take() { var byte: UInt8 = 0; recv(kept.ours, &byte, 1, 0) }
        queue.park(kept.ours, isNew: true, for: .request(latest: nil))
        // One request after the other.
        for _ in 1...3 {
            write(kept.theirs, "x", 1)
            #expect(next() == kept.ours)
            take()
            queue.park(kept.ours, isNew: false, for: .request(latest: 1))
        }
        // The next comes while a worker has it, and its event is taken meanwhile.
        write(kept.theirs, "x", 1)
        #expect(next() == kept.ours)
        take()
        write(kept.theirs, "x", 1)
        queue.park(other.ours, isNew: true, for: .request(latest: nil))
        write(other.theirs, "x", 1)
        #expect(next() == other.ours)
        queue.park(kept.ours, isNew: false, for: .request(latest: 1))
        #expect(next() == kept.ours)
        take()
        queue.park(kept.ours, isNew: false, for: .request(latest: 1))
        // The last comes together with the end.
        write(kept.theirs, "x", 1)
        shutdown(kept.theirs, Int32(SHUT_WR))
        #expect(next() == kept.ours)
        take()
        queue.park(kept.ours, isNew: false, for: .request(latest: 1))
        #expect(next() == kept.ours)
    }
}
