import Jobs
import KreaAPI
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import Dispatcher

/// A clock whose sleeps last until they are cancelled; each start of one is an event.
private struct StandingClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration = .zero
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    let now = Instant()
    let minimumResolution = Duration.zero
    let sleeps = AsyncStream.makeStream(of: Duration.self)

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        sleeps.continuation.yield(deadline.offset)
        try await Task.sleep(for: .seconds(86_400))
    }
}

@Suite struct LoopTests {
    private let time = TestTime()

    private func surroundings(_ store: MemoryStore, _ clock: any Clock<Duration>) -> Surroundings {
        Surroundings(
            store: store,
            krea: KreaClient(
                server: .krea, token: KreaToken("simulator")!, userAgent: "test", timeout: .seconds(30),
                transport: SimulatedTransport(time: time)),
            clock: clock, now: { [time] in time.now }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func `a loop sleeps until the moment that it was told, and a change of the store wakes it`() async throws {
        let store = MemoryStore()
        let clock = StandingClock()
        let loop = Loop(surroundings(store, clock))
        let looks = AsyncStream.makeStream(of: Void.self)
        let now = time.now
        let task = Task {
            await loop.run {
                looks.continuation.yield()
                return now + .seconds(7)
            }
        }
        var events = looks.stream.makeAsyncIterator()
        var sleeps = clock.sleeps.stream.makeAsyncIterator()
        await events.next()
        #expect(await sleeps.next() == .seconds(7))
        _ = try store.accept(.sample(at: time.now), key: nil)
        await events.next()
        task.cancel()
        await task.value
    }

    @Test func `a change of the store while the loop looks is not missed`() async throws {
        let store = MemoryStore()
        let loop = Loop(surroundings(store, StandingClock()))
        let job = try Job.sample(at: time.now)
        let looks = Mutex(0)
        let task = Task {
            await loop.run {
                let look = looks.withLock { count in
                    count += 1
                    return count
                }
                if look == 1 { _ = try store.accept(job, key: nil) }
                if look == 2 { withUnsafeCurrentTask { $0?.cancel() } }
                return nil
            }
        }
        await task.value
        #expect(looks.withLock { $0 } == 2)
    }

    @Test func `a loop whose store fails tries again a second later`() async throws {
        struct Broken: Error {}
        let clock = StandingClock()
        let loop = Loop(surroundings(MemoryStore(), clock))
        let task = Task { await loop.run { throw Broken() } }
        var sleeps = clock.sleeps.stream.makeAsyncIterator()
        #expect(await sleeps.next() == .seconds(1))
        task.cancel()
        await task.value
    }

    @Test func `a service that is told to stop ends at once when it waits, with what was begun recorded`() async throws {
        let store = MemoryStore()
        let surroundings = surroundings(store, ContinuousClock())
        let submitted = AsyncStream.makeStream(of: Void.self)
        store.observeChanges { submitted.continuation.yield() }
        _ = try store.accept(.sample(at: time.now), key: nil)
        let group = ServiceGroup(
            services: [Poller(surroundings), Submitter(surroundings)], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let task = Task { try await group.run() }
        var changes = submitted.stream.makeAsyncIterator()
        await changes.next()
        await changes.next()
        await group.triggerGracefulShutdown()
        try await task.value
        #expect(try store.job(.sample(1))?.job.state == .running)
    }
}
