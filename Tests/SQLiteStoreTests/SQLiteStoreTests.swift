import Foundation
import Jobs
@testable import SQLiteStore
import TestSupport
import Testing

/// Tests what only SQLite has: durability, several openings of one file, query plans.
@Suite struct SQLiteStoreTests {
    let time = TestTime()
    private let path: String
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("jobs.sqlite")
    }

    func open() throws -> SQLiteStore {
        try SQLiteStore(path: path, rules: PaceRules())
    }

    @Test func `a store that is opened again has everything, the pace too`() throws {
        let store = try open()
        let epoch = try store.takeOver(at: time.now)
        _ = try store.accept(.sample(1, at: time.now), key: "token")
        _ = try store.accept(.sample(2, at: time.now), key: nil)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.answered(KreaJob(id: "k1", status: "queued")), for: call, at: time.now)

        let again = try open()
        #expect(try again.job(.sample(1)) == store.job(.sample(1)))
        #expect(try again.job(.sample(2)) == store.job(.sample(2)))
        #expect(try again.claimSubmit(by: epoch, at: time.now) == .notBefore(time.now + .seconds(10)))
        #expect(try again.claimPoll(by: epoch, at: time.now) == .notBefore(time.now + .seconds(6)))
        guard case .existing = try again.accept(.sample(3, at: time.now), key: "token") else {
            Issue.record("the key was forgotten")
            return
        }
    }

    @Test func `a store whose disk is full says so and keeps nothing, and goes on when there is room`() throws {
        let store = try open()
        _ = try store.pragma("max_page_count = \(try #require(try store.pragma("page_count")))")
        var last: UInt64 = 0
        let trouble = #expect(throws: StoreUnavailable.self) {
            while true {
                last += 1
                _ = try store.accept(.sample(last, client: Client(key: "user:\(last)"), at: time.now), key: nil)
            }
        }
        #expect(trouble?.kind == .full)
        #expect(try store.job(.sample(last)) == nil)
        _ = try store.pragma("max_page_count = 1000000")
        _ = try store.accept(.sample(last, at: time.now), key: nil)
        #expect(try store.job(.sample(last)) != nil)
    }

    @Test func `two openings of one file grant one submission between them`() throws {
        let stores = [try open(), try open()]
        let epoch = try stores[0].takeOver(at: time.now)
        _ = try stores[0].accept(.sample(1, at: time.now), key: nil)
        _ = try stores[1].accept(.sample(2, at: time.now), key: nil)
        let claims = try stores.map { try $0.claimSubmit(by: epoch, at: time.now) }
        #expect(claims[1] == .notBefore(time.now + .seconds(40)))
        #expect(claims[0] != .nothing)
    }

    @Test func `many threads that claim at once get one submission`() async throws {
        let store = try open()
        let now = time.now
        let epoch = try store.takeOver(at: now)
        for number in UInt64(1)...8 { _ = try store.accept(.sample(number, at: now), key: nil) }
        let claims = try await withThrowingTaskGroup { group in
            for _ in 0..<8 { group.addTask { try store.claimSubmit(by: epoch, at: now) } }
            return try await group.reduce(into: [Claim<GrantedCall>]()) { $0.append($1) }
        }
        #expect(claims.count { if case .granted = $0 { true } else { false } } == 1)
    }

    @Test func `a change of another process is noticed`() async throws {
        let store = try open()
        let changes = AsyncStream.makeStream(of: Void.self)
        store.observeChanges { changes.continuation.yield() }
        let other = try open()
        let time = time
        // The watcher may look for the first time only after a change; there is always a next one.
        let writing = Task {
            var number: UInt64 = 0
            while !Task.isCancelled {
                number += 1
                _ = try other.accept(.sample(number, client: Client(key: "user:\(number)"), at: time.now), key: nil)
                await Task.yield()
            }
        }
        for await _ in changes.stream { break }
        writing.cancel()
        _ = try? await writing.value
    }

    @Test func `a dispatcher's liveness is seen by others and ends with its lock`() throws {
        let first = FileLiveness(beside: path)
        let second = FileLiveness(beside: path)
        #expect(second.isGone(1))
        try first.show(1)
        #expect(!second.isGone(1))
        #expect(second.isGone(2))
        first.withdraw(1)
        #expect(second.isGone(1))
        try first.show(3)
        #expect(throws: (any Error).self) { try second.show(3) }
    }

    @Test func `commits wait for the disk, in WAL mode`() throws {
        let store = try open()
        #expect(try store.pragma("synchronous") == "2")
        #expect(try store.pragma("journal_mode") == "wal")
    }

    @Test(arguments: [
        ("SELECT 1 FROM submissions WHERE state = 'waiting' ORDER BY job, part LIMIT 1", "waiting_submissions"),
        ("SELECT count(*) FROM submissions WHERE state = 'waiting' AND job < 5", "waiting_submissions"),
        ("SELECT 1 FROM submissions WHERE state = 'waiting' AND not_before IS NULL ORDER BY job, part LIMIT 1", "waiting_submissions"),
        ("SELECT count(*) FROM submissions WHERE state = 'waiting' AND not_before IS NULL AND job >= 2 AND job < 5", "waiting_submissions"),
        ("SELECT place, job, part, not_before FROM submissions WHERE state = 'waiting' AND not_before IS NOT NULL", "retried_submissions"),
        ("SELECT seq FROM jobs INDEXED BY waiting_jobs WHERE state = 'waiting' AND client = 'x' ORDER BY seq LIMIT 1", "waiting_jobs"),
        ("SELECT 1 FROM submissions WHERE state = 'running' ORDER BY next_poll_at LIMIT 1", "due_submissions"),
        ("SELECT 1 FROM submissions WHERE state = 'submitting' ORDER BY seq", "submitting_submissions"),
        ("SELECT 1 FROM submissions WHERE state = 'unconfirmed' ORDER BY seq LIMIT 1", "unconfirmed_submissions"),
        ("SELECT 1 FROM submissions WHERE next_cancel_at IS NOT NULL ORDER BY next_cancel_at LIMIT 1", "unwanted_submissions"),
        ("SELECT 1 FROM submissions WHERE state = 'completed' AND model = 'x' ORDER BY seq DESC LIMIT 50", "runs_of_model"),
        ("SELECT id FROM jobs WHERE finished_at < 5", "finished_jobs"),
        ("SELECT sum(price) FROM submissions WHERE started_at >= 5", "submissions_of_day"),
        ("SELECT count(*) FROM jobs WHERE finished_at IS NOT NULL", "finished_jobs"),
        ("SELECT count(*) FROM submissions WHERE state = 'running' AND next_poll_at <= 5", "due_submissions"),
        ("SELECT min(next_attempt_at) FROM pictures WHERE next_attempt_at IS NOT NULL", "due_pictures"),
        ("SELECT true FROM pictures WHERE file = 'x'", "pictures_of_file"),
        ("SELECT number, id FROM changes JOIN jobs ON seq = job WHERE number > 5 ORDER BY number LIMIT 9", "INTEGER PRIMARY KEY"),
        ("SELECT job FROM deliveries WHERE next_attempt_at IS NOT NULL ORDER BY next_attempt_at LIMIT 1", "due_deliveries"),
        ("SELECT job FROM submissions WHERE state = 'completed' AND has_listed_pictures = 0 ORDER BY seq", "unlisted_submissions"),
        ("SELECT 1 FROM jobs JOIN submissions ON submissions.job = jobs.seq WHERE jobs.id = 'x'", "submissions_of_job"),
        ("SELECT 1 FROM jobs WHERE client = 'x' AND seq < 9 ORDER BY seq DESC LIMIT 3", "jobs_of_client"),
        ("SELECT seq FROM jobs WHERE client = 'x' AND state IN ('running') ORDER BY seq DESC LIMIT 3", "COVERING INDEX jobs_of_client"),
        (
            "SELECT seq FROM jobs WHERE client = 'x' AND created_at < 5 AND state IN ('running', 'failed') ORDER BY seq DESC LIMIT 3",
            "COVERING INDEX jobs_of_client"
        ),
    ])
    func `the queries of the dispatcher and of the pages use an index`(question: String, index: String) throws {
        _ = try open()
        let plan = try DatabaseQueue(path: path).read { database in
            try database.all("EXPLAIN QUERY PLAN " + question) { columns in
                // Behind three numbers.
                columns.skip(3)
                return columns.next() as String
            }.joined(separator: "; ")
        }
        #expect(plan.contains(index))
        #expect(!plan.contains("SCAN submissions") || plan.contains("INDEX \(index)"))
        #expect(!plan.contains("TEMP B-TREE"))
    }

    @Test func `an overview counts what is under way, and says how long the oldest has waited`() throws {
        let store = try open()
        let epoch = try store.takeOver(at: time.now)
        for number in UInt64(1)...3 {
            _ = try store.accept(.sample(number, at: time.now), key: nil)
            time.advance(by: .seconds(10))
        }
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.answered(KreaJob(id: "k1", status: "queued")), for: call, at: time.now)
        let before = try store.overview(at: time.now)
        #expect(before.submissions == [.waiting: 2, .submitting: 0, .unconfirmed: 0, .running: 1])
        #expect(before.oldestWaitingSince == time.now - .seconds(20))
        #expect(before.duePolls == 0)
        #expect(before.latestCall == call.id)
        #expect(before.term.epoch == epoch)
        #expect(before.pace.nextSubmitAt == time.now + .seconds(10))
        #expect(before.bytes > 4096)
        _ = try store.cancel(.sample(2), at: time.now)
        time.advance(by: .seconds(6))
        let after = try store.overview(at: time.now)
        #expect(after.finishedJobs == 1)
        #expect(after.duePolls == 1)
    }

    @Test func `what was spent is told by the day, without what certainly cost nothing`() throws {
        let store = try open()
        let epoch = try store.takeOver(at: time.now)
        func submit(_ number: UInt64, _ outcome: CallResult<KreaJob>, pictures: JSONValue = 1) throws {
            _ = try store.accept(.sample(number, members: ["batch_size": pictures], at: time.now), key: nil)
            let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
            try store.recordSubmit(outcome, for: call, at: time.now)
            time.advance(by: .seconds(40))
        }
        let today = time.now.dayStart
        #expect(try store.spending().isEmpty)
        try submit(1, .answered(KreaJob(id: "k1", status: "queued")), pictures: 2)
        try submit(2, .refused(JobFailure(.contentRefused)))
        #expect(try store.overview(at: time.now).spentToday == Money(usd: 0.2))
        time.advance(to: today.nextDay)
        #expect(try store.overview(at: time.now).spentToday == .zero)
        try submit(3, .noAnswer)
        #expect(
            try store.spending() == [
                DaySpending(day: today, spent: Money(usd: 0.2)), DaySpending(day: today.nextDay, spent: Money(usd: 0.1)),
            ])
        #expect(try store.overview(at: time.now).spentToday == Money(usd: 0.1))
    }

    @Test func `limits that change count for new jobs, and observers are called`() throws {
        let store = try open()
        _ = try store.accept(.sample(1, at: time.now), key: nil)
        let told = Counter()
        store.observeChanges { told.increment() }
        var limits = QueueLimits()
        limits.total = 1
        store.change(limits: limits)
        #expect(told.value == 1)
        guard case .full(.total, _) = try store.accept(.sample(2, at: time.now), key: nil) else {
            Issue.record("the queue took more than its limit")
            return
        }
    }

    @Test func `of thousands of addresses in a file, few are read, listed and looked up`() throws {
        let store = try open()
        let epoch = try store.takeOver(at: time.now)
        _ = try store.accept(.sample(1, at: time.now), key: nil)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.answered(KreaJob(id: "k", status: "completed", urls: ["u1"])), for: call, at: time.now)
        let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
        let file = try DatabaseQueue(path: path)
        try file.write {
            for column in ["urls", "foreign_urls"] {
                try $0.execute(sql: "UPDATE submissions SET \(column) = (\(many) SELECT json_group_array('u' || i) FROM n)")
            }
        }
        let addresses = (1...16).map { "u\($0)" }
        #expect(try store.claimPicture(by: epoch, at: time.now).granted().url == "u1")
        let listed = try file.read { try String.all($0, "SELECT url FROM pictures ORDER BY seq") }
        #expect(listed == addresses)
        try file.write {
            try $0.execute(sql: "\(many) INSERT OR IGNORE INTO pictures (job, url, attempts) SELECT jobs.seq, 'u' || i, 0 FROM jobs, n")
        }
        let queued = try #require(try store.job(.sample(1)))
        #expect(queued.job.urls == addresses && queued.job[1].foreignURLs == addresses)
        #expect(queued.pictures.map(\.url) == addresses)
    }

    @Test func `the proof that the store can be written is a write, each time`() throws {
        let store = try open()
        let pages = { try DatabaseQueue(path: path).read { try Int.first($0, "SELECT number FROM write_proof") } }
        #expect(try pages() == 0)
        try store.proveWritable()
        try store.proveWritable()
        #expect(try pages() == 2)
    }

    @Test func `a write that fails proves nothing`() throws {
        let store = try open()
        try DatabaseQueue(path: path).write { try $0.execute(sql: "DROP TABLE write_proof") }
        #expect(throws: DatabaseError.self) { try store.proveWritable() }
    }

    @Test(arguments: [
        ("PRAGMA user_version = 2", "use that version, or restore a backup that this version has made."),
        ("PRAGMA user_version = 0", "use that version, or restore a backup that this version has made."),
        ("PRAGMA application_id = 1", "is no store of krea-fcgi."),
        ("PRAGMA application_id = 0; CREATE TABLE grdb_migrations (a)", "move it away, then a new store is made."),
    ])
    func `a store that this version cannot read is refused with what to do, and left as it was`(change: String, advice: String) throws {
        _ = try open().takeOver(at: time.now)
        let file = try DatabaseQueue(path: path)
        try file.write { try $0.execute(sql: change) }
        let error = #expect(throws: UnusableFile.self) { try open() }
        #expect(error?.description.hasPrefix(path) == true && error?.description.hasSuffix(advice) == true)
        #expect(try file.read { try Int.first($0, "SELECT epoch FROM dispatcher") } == 1)
    }

    @Test func `an empty file becomes a store, and processes that open it at once make its tables once`() async throws {
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        try await withThrowingTaskGroup { group in
            for _ in 0..<4 { group.addTask { _ = try open() } }
            try await group.waitForAll()
        }
        #expect(try open().pragma("user_version") == "1")
    }

    @Test func `a file that is no database is refused and left alone`() throws {
        try "not a database, but more than a hundred bytes of something that may still be needed for other things"
            .write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: DatabaseError.self) { try open() }
        #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("not a database"))
    }
}
