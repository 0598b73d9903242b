import CoreMetrics
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

extension Dispatcher {
    /// A dispatcher of another process on the world's store.
    static func standingBy(_ fixture: DispatcherFixture) -> Dispatcher {
        Dispatcher(.sample(fixture.store, SimulatedTransport(time: fixture.time), fixture.time, liveness: fixture.liveness))
    }
}

extension Dependencies {
    static func sample(
        _ store: any JobStore, _ krea: SimulatedTransport, _ time: TestTime, liveness: MemoryLiveness = MemoryLiveness(),
        kreaWebhooks: KreaWebhookSettings? = nil, clock: any Clock<Duration> = ContinuousClock(), pictures: (any PictureArchive)? = nil,
        token: @escaping @Sendable () -> KreaToken? = { KreaToken("simulator") }, leadershipStatus: LeadershipStatus = LeadershipStatus(),
        metrics: any MetricsFactory = NOOPMetricsHandler.instance, logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        resultHosts: @escaping @Sendable () -> HostList = { .none }
    ) -> Dependencies {
        Dependencies(
            store: store,
            krea: KreaClient(
                server: .krea, token: token, userAgent: "test", timeout: .seconds(30), transport: krea, resultHosts: resultHosts),
            kreaWebhooks: kreaWebhooks, pictures: pictures, liveness: liveness, clock: clock, now: { time.now }, wallClock: { time.origin },
            keepFinished: .seconds(30 * 86_400), leadershipStatus: leadershipStatus, metrics: metrics, logger: logger)
    }
}

@Suite struct LoopTests {
    private let time = TestTime()

    private func loop(_ store: any JobStore, _ clock: any Clock<Duration>) -> Loop {
        Loop(.sample(store, SimulatedTransport(time: time), time, clock: clock))
    }

    @Test func `a loop sleeps until the moment that it was told, and a change of the store wakes it`() async throws {
        let store = temporaryStore()
        let clock = StandingClock()
        let loop = loop(store, clock)
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
        loop.end()
        await task.value
    }

    @Test func `a change of the store while the loop looks is not missed`() async throws {
        let store = temporaryStore()
        let loop = loop(store, StandingClock())
        let job = try Job.sample(at: time.now)
        let looks = Mutex(0)
        await loop.run {
            let look = looks.withLock { count in
                count += 1
                return count
            }
            if look == 1 { _ = try store.accept(job, key: nil) }
            if look == 2 { loop.end() }
            return nil
        }
        #expect(looks.withLock { $0 } == 2)
    }

    @Test func `a loop whose store fails tries again a second later`() async throws {
        struct Broken: Error {}
        let clock = StandingClock()
        let loop = loop(temporaryStore(), clock)
        let task = Task { await loop.run { throw Broken() } }
        var sleeps = clock.sleeps.stream.makeAsyncIterator()
        #expect(await sleeps.next() == .seconds(1))
        loop.end()
        await task.value
    }

    @Test func `a loop of a dispatcher that was leadershipLost ends`() async throws {
        await loop(temporaryStore(), StandingClock()).run { throw LeadershipLost() }
    }

    @Test func `what must not be lost is repeated until the store takes it`() async throws {
        struct Broken: Error {}
        let clock = StandingClock()
        let store = temporaryStore()
        let loop = loop(store, clock)
        let tries = Mutex(0)
        let task = Task {
            try await loop.insist {
                try tries.withLock { count in
                    count += 1
                    if count < 3 { throw Broken() }
                }
            }
        }
        var sleeps = clock.sleeps.stream.makeAsyncIterator()
        for _ in 1...2 {
            #expect(await sleeps.next() == .seconds(1))
            try store.pause(because: "a change")
        }
        try await task.value
        #expect(tries.withLock { $0 } == 3)
    }

    @Test func `a dispatcher that is told to stop ends when it waits, with what was begun recorded, and is gone`() async throws {
        let store = temporaryStore()
        let liveness = MemoryLiveness()
        let dependencies = Dependencies.sample(store, SimulatedTransport(time: time), time, liveness: liveness)
        let changes = AsyncStream.makeStream(of: Void.self)
        store.observeChanges { changes.continuation.yield() }
        let group = ServiceGroup(
            services: [Dispatcher(dependencies)], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let task = Task { try await group.run() }
        _ = try store.accept(.sample(at: time.now), key: nil)
        var events = changes.stream.makeAsyncIterator()
        while try store.job(.sample(1))?.job.state != .running { await events.next() }
        #expect(!liveness.isGone(1))
        await group.triggerGracefulShutdown()
        try await task.value
        #expect(liveness.isGone(1))
    }
}
