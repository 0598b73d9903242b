import Jobs
import TestSupport
import Testing

@testable import SQLiteStore

/// Tests which jobs are told to have changed.
@Suite struct ChangeFeedTests {
    private let time = TestTime()
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("jobs.sqlite")
    }

    private func open(_ path: String? = nil) throws -> SQLiteStore { try SQLiteStore(path: path ?? self.path, rules: PaceRules()) }

    /// The numbers of the sample jobs that have changed since this was called with the same `last`.
    private func changed(_ store: SQLiteStore, since last: inout Int64, limit: Int = 100) throws -> [JobID] {
        let found = try store.changes(after: last, limit: limit)
        #expect(found.last >= last)
        last = found.last
        return found.jobs
    }

    private func accept(_ store: SQLiteStore, _ numbers: ClosedRange<UInt64>, webhook: String? = nil) throws {
        for number in numbers {
            var job = try Job.sample(number, at: time.now)
            job.delivery = webhook.map(WebhookDelivery.init)
            _ = try store.accept(job, key: nil)
        }
    }

    private func submit(_ store: SQLiteStore, by epoch: Int, _ krea: KreaJob) throws {
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.answered(krea), for: call, at: time.now)
    }

    private func poll(_ store: SQLiteStore, by epoch: Int, _ krea: KreaJob) throws {
        let (call, _) = try store.claimPoll(by: epoch, at: time.now).granted()
        try store.recordPoll(.answered(krea), for: call, at: time.now)
    }

    @Test func `a job changes when its readers are shown something else, and with it no other`() throws {
        let store = try open()
        try accept(store, 1...3)
        let epoch = try store.takeOver(at: time.now)
        var last = try store.latestChange()
        #expect(last == 0)
        #expect(try changed(store, since: &last) == [])
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        #expect(try changed(store, since: &last) == [.sample(1)])
        try store.recordSubmit(.answered(KreaJob(id: "k1", status: "queued")), for: call, at: time.now)
        #expect(try changed(store, since: &last) == [.sample(1)])
        time.advance(by: .seconds(6))
        try poll(store, by: epoch, KreaJob(id: "k1", status: "queued"))
        #expect(try changed(store, since: &last) == [])
        time.advance(by: .seconds(6))
        try poll(store, by: epoch, KreaJob(id: "k1", status: "processing"))
        #expect(try changed(store, since: &last) == [.sample(1)])
        _ = try store.cancel(.sample(3), at: time.now)
        #expect(try changed(store, since: &last) == [.sample(3)])
        time.advance(by: .seconds(6))
        try poll(store, by: epoch, KreaJob(id: "k1", status: "completed", urls: ["https://gen.krea.ai/1.png"]))
        #expect(try changed(store, since: &last) == [.sample(1)])
        #expect(try store.latestChange() == last)
    }

    @Test func `a copy of a picture is a change, and so is the knowledge that there will be none`() throws {
        let store = try open()
        try accept(store, 1...2)
        let epoch = try store.takeOver(at: time.now)
        for (number, failure) in [(1, nil), (2, PictureFailure.tooLarge)] {
            try submit(store, by: epoch, KreaJob(id: "k\(number)", status: "completed", urls: ["https://gen.krea.ai/\(number).png"]))
            var last = try store.latestChange()
            let fetch = try store.claimPicture(by: epoch, at: time.now).granted()
            #expect(try changed(store, since: &last) == [])
            let result = failure.map { .failure($0) } ?? Result.success(KeptPicture(file: .sample(1), bytes: 1))
            try store.recordPicture(result, for: fetch, at: time.now)
            #expect(try changed(store, since: &last) == [.sample(UInt64(number))])
            time.advance(by: .seconds(10))
        }
    }

    @Test func `each attempt to call a webhook is a change, and so is its end`() throws {
        let store = try open()
        try accept(store, 1...1, webhook: "https://hooks.example.org/")
        #expect(try store.latestChange() == 0)
        let epoch = try store.takeOver(at: time.now)
        try submit(store, by: epoch, KreaJob(id: "k1", status: "failed"))
        var last = try store.latestChange()
        let (attempt, _) = try store.claimDelivery(by: epoch, at: time.now).granted()
        #expect(try changed(store, since: &last) == [.sample(1)])
        try store.recordDelivery(.delivered(status: 200), for: attempt, at: time.now)
        #expect(try changed(store, since: &last) == [.sample(1)])
    }

    @Test func `a job that changed often is told once, after those that changed before, and a part at a time`() throws {
        let store = try open()
        try accept(store, 1...5)
        let epoch = try store.takeOver(at: time.now)
        for number in UInt64(2)...5 { _ = try store.cancel(.sample(number), at: time.now) }
        try submit(store, by: epoch, KreaJob(id: "k1", status: "queued"))
        var last: Int64 = 0
        #expect(try changed(store, since: &last, limit: 3) == [.sample(2), .sample(3), .sample(4)])
        #expect(try changed(store, since: &last, limit: 3) == [.sample(5), .sample(1)])
        #expect(try changed(store, since: &last, limit: 3) == [])
    }

    @Test func `what another process changes is told`() throws {
        let (store, other) = (try open(), try open())
        try accept(store, 1...2)
        var last = try store.latestChange()
        _ = try other.cancel(.sample(2), at: time.now)
        #expect(try changed(store, since: &last) == [.sample(2)])
        #expect(try other.latestChange() == last)
    }

    @Test func `when the job that changed last is removed, its number is not given again`() throws {
        let store = try open()
        try accept(store, 1...2)
        _ = try store.cancel(.sample(2), at: time.now)
        var last = try store.latestChange()
        time.advance(by: .seconds(1))
        #expect(try store.removeFinished(before: time.now) == 1)
        #expect(try store.latestChange() == last)
        #expect(try changed(store, since: &last) == [])
        _ = try store.cancel(.sample(1), at: time.now)
        #expect(try changed(store, since: &last) == [.sample(1)])
    }

    @Test func `in a restored backup changes go on where it was made`() throws {
        let backup = folder.file("backup.sqlite")
        do {
            let store = try open()
            try accept(store, 1...3)
            let epoch = try store.takeOver(at: time.now)
            try submit(store, by: epoch, KreaJob(id: "k1", status: "queued"))
            _ = try store.cancel(.sample(3), at: time.now)
        }
        try StoreBackup(of: path).make(at: backup, now: time.now)
        let before = try open().latestChange()
        #expect(before > 0)
        let report = try StoreRestoration(of: path, from: StoreSource(backup), rules: PaceRules(), pausedBecause: "restored")
            .run(at: time.now, isUnchanged: false)
        #expect(report.ended == [.sample(2)])
        let store = try open()
        var last = before
        #expect(try changed(store, since: &last) == [.sample(2)])
        _ = try store.cancel(.sample(1), at: time.now)
        #expect(try changed(store, since: &last) == [.sample(1)])
    }

    @Test func `of each column of a submission it is decided whether its readers see it`() throws {
        let unseen: Set = [
            "seq", "job", "part", "model", "epoch", "undecided_looks", "strikes", "first_lost_at", "polls", "poll_round", "next_poll_at",
            "soonest_poll_at", "webhook_key", "has_krea_called", "is_webhook_round", "next_cancel_at", "empty_answers", "foreign_urls",
            "next_refresh_at", "is_refreshed", "has_listed_pictures",
        ]
        let (columns, trigger) = try open().read { database in
            (
                try String.all(database, "SELECT name FROM pragma_table_info('submissions')"),
                try String.first(database, "SELECT sql FROM sqlite_schema WHERE name = 'submission_changed'") ?? ""
            )
        }
        let words = trigger.split { !$0.isLetter && $0 != "_" }.map(String.init)
        for column in columns { #expect(words.prefix { $0 != "BEGIN" }.contains(column) != unseen.contains(column), "\(column)") }
    }
}
