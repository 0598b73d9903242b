import Jobs
import SQLiteStore
import Synchronization
import TestSupport
import Testing

@testable import krea_fcgi

/// Waking the requests whose job has changed.
@Suite(.timeLimit(.minutes(5))) struct ChangeWatcherTests {
    /// Time that passes at once, and is counted.
    private final class InstantClock: Clock {
        let now = ContinuousClock.now
        let minimumResolution = Duration.zero
        private let slept = Mutex<[Duration]>([])

        var sleeps: [Duration] { slept.withLock { $0 } }

        func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
            slept.withLock { $0.append(now.duration(to: deadline)) }
        }
    }

    private final class Log: Sendable {
        private let entries = Mutex<[[JobID]?]>([])

        var woken: [[JobID]?] { entries.withLock { $0 } }

        func add(_ jobs: [JobID]?) { entries.withLock { $0.append(jobs) } }
    }

    /// Runs a watcher while `counts` requests are held, one count after the other each time it is asked.
    private func run(held counts: [Int], changes: [ChangeWatcher.Changes]) async -> (sleeps: [Duration], woken: [[JobID]?]) {
        let (clock, log) = (InstantClock(), Log())
        let counts = Mutex(counts)
        let changes = Mutex(changes)
        let (holding, firstHeld) = AsyncStream<Void>.makeStream()
        if counts.withLock({ !$0.isEmpty }) { firstHeld.yield() }
        firstHeld.finish()
        await ChangeWatcher(
            holding: holding, held: { counts.withLock { $0.isEmpty ? 0 : $0.removeFirst() } },
            changes: { changes.withLock { $0.removeFirst() } }, wake: { log.add($0) }, clock: clock
        ).run()
        return (clock.sleeps, log.woken)
    }

    @Test func `while nothing is held it neither wakes up nor asks the store`() async {
        let outcome = await run(held: [], changes: [])
        #expect(outcome.sleeps.isEmpty && outcome.woken.isEmpty)
    }

    @Test func `while requests are held it asks ten times a second, and wakes those whose job has changed`() async {
        let outcome = await run(held: [2, 2, 1, 0], changes: [.nothing, .jobs([.sample(1)]), .tooMany])
        #expect(outcome.sleeps == Array(repeating: .milliseconds(100), count: 3))
        #expect(outcome.woken == [[.sample(1)], nil])
    }

    /// A store file with so many jobs, opened twice, as by two processes.
    private func stores(_ count: UInt64) throws -> (folder: TemporaryFolder, ours: SQLiteStore, theirs: SQLiteStore) {
        let folder = try TemporaryFolder()
        let open = { try SQLiteStore(path: folder.file("jobs.sqlite"), rules: PaceRules()) }
        let (ours, theirs) = (try open(), try open())
        for number in 1...count { _ = try theirs.accept(Job.sample(number, at: TestTime().now), key: nil) }
        return (folder, ours, theirs)
    }

    @Test func `changes of another process are told once, and only the jobs that have changed`() throws {
        let (folder, ours, theirs) = try stores(3)
        defer { withExtendedLifetime(folder) {} }
        let changes = try StoreChanges(ours)
        #expect(changes.next() == .nothing)
        _ = try theirs.cancel(.sample(2), at: TestTime().now)
        #expect(changes.next() == .jobs([.sample(2)]))
        #expect(changes.next() == .nothing)
        // A commit that changes no job.
        _ = try theirs.accept(Job.sample(4, at: TestTime().now), key: nil)
        #expect(changes.next() == .nothing)
    }

    @Test func `of too many changed jobs none is named, and what changes later is`() throws {
        let (folder, ours, theirs) = try stores(4)
        defer { withExtendedLifetime(folder) {} }
        let changes = try StoreChanges(ours, limit: 3)
        for number in UInt64(1)...3 { _ = try theirs.cancel(.sample(number), at: TestTime().now) }
        #expect(changes.next() == .tooMany)
        #expect(changes.next() == .nothing)
        _ = try theirs.cancel(.sample(4), at: TestTime().now)
        #expect(changes.next() == .jobs([.sample(4)]))
    }
}
