import Foundation
import Jobs
import SQLiteStore
import TestSupport
import Testing

/// What every `JobStore` has to do, run over every one there is.
@Suite struct JobStoreConformance {
    enum Kind: CaseIterable {
        case memory
        case sqlite

        func make(_ folder: TemporaryFolder) throws -> any JobStore {
            switch self {
            case .memory: MemoryStore()
            case .sqlite: try SQLiteStore(path: folder.file("jobs.sqlite"), rules: PaceRules(), readers: 4)
            }
        }
    }

    private let time = TestTime()
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func accepted(_ store: any JobStore, _ numbers: ClosedRange<UInt64>) throws {
        for number in numbers { _ = try store.accept(.sample(number, at: time.now), key: nil) }
    }

    @Test(arguments: Kind.allCases)
    func `an accepted job is read back as it was`(kind: Kind) throws {
        let store = try kind.make(folder)
        let members: [String: JSONValue] = [
            "model": "flux", "width": 640, "batch_size": 3, "aspect_ratio": "4:3", "image_urls": ["https://example.org/é.png"], "steps": 30,
        ].filter { $0.key != "image_urls" }
        let job = try Job.sample(prompt: "“quotes”, 'quotes' and\nlines \u{1F3DD}", members: members, at: time.now)
        #expect(try store.accept(job, key: nil) == .new(QueuedJob(job: job, position: 0, pace: Pace())))
        #expect(try store.job(job.id) == QueuedJob(job: job, position: 0, pace: Pace()))
    }

    @Test(arguments: Kind.allCases)
    func `an ID that no job has finds none`(kind: Kind) throws {
        #expect(try kind.make(folder).job(.sample(9)) == nil)
    }

    @Test(arguments: Kind.allCases)
    func `the same key with an equal request brings the first job back`(kind: Kind) throws {
        let store = try kind.make(folder)
        let first = try Job.sample(1, at: time.now)
        _ = try store.accept(first, key: "token")
        #expect(try store.accept(.sample(2, at: time.now), key: "token") == .existing(try #require(try store.job(first.id))))
        #expect(try store.job(.sample(2)) == nil)
    }

    @Test(arguments: Kind.allCases)
    func `the same key with another request, and another key, make a new job`(kind: Kind) throws {
        let store = try kind.make(folder)
        _ = try store.accept(.sample(1, at: time.now), key: "token")
        _ = try store.accept(.sample(2, prompt: "another", at: time.now), key: "token")
        _ = try store.accept(.sample(3, at: time.now), key: "other token")
        _ = try store.accept(.sample(4, at: time.now), key: nil)
        #expect(try store.jobs(JobQuery(client: Client(key: "address:192.0.2.1"))).items.count == 4)
    }

    @Test(arguments: Kind.allCases)
    func `jobs are submitted in the order in which they came, one per interval`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...2)
        #expect(try store.job(.sample(2))?.position == 1)

        guard case .granted(let first) = try store.claimSubmit(at: time.now) else { throw NotGranted() }
        #expect(first.id == .sample(1))
        #expect(first.state == .submitting)
        #expect(try store.job(.sample(2))?.position == 0)
        // While the call is being made nobody else gets one, however long it takes.
        #expect(try store.claimSubmit(at: time.now + .seconds(39)) == .notBefore(time.now + .seconds(40)))

        time.advance(by: .seconds(2))
        try store.recordSubmit(.accepted(KreaJob(id: "k1", status: "queued")), for: first.id, at: time.now)
        let next = time.now + .seconds(10)
        #expect(try store.claimSubmit(at: next + .milliseconds(-1)) == .notBefore(next))
        guard case .granted(let second) = try store.claimSubmit(at: next) else { throw NotGranted() }
        #expect(second.id == .sample(2))
    }

    @Test(arguments: Kind.allCases)
    func `with nothing to do there is nothing to claim`(kind: Kind) throws {
        let store = try kind.make(folder)
        #expect(try store.claimSubmit(at: time.now) == .nothing)
        #expect(try store.claimPoll(at: time.now) == .nothing)
    }

    @Test(arguments: Kind.allCases)
    func `a job that was not sent keeps its place in the line`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...2)
        _ = try store.claimSubmit(at: time.now)
        try store.recordSubmit(.notSent, for: .sample(1), at: time.now)
        guard case .granted(let again) = try store.claimSubmit(at: time.now + .seconds(10)) else { throw NotGranted() }
        #expect(again.id == .sample(1))
    }

    @Test(arguments: Kind.allCases)
    func `the running job whose poll is due first is polled first`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...2)
        for number in UInt64(1)...2 {
            _ = try store.claimSubmit(at: time.now)
            try store.recordSubmit(.accepted(KreaJob(id: "k\(number)", status: "queued")), for: .sample(number), at: time.now)
            time.advance(by: .seconds(10))
        }
        guard case .granted(let first) = try store.claimPoll(at: time.now) else { throw NotGranted() }
        guard case .granted(let second) = try store.claimPoll(at: time.now) else { throw NotGranted() }
        #expect([first.submission.kreaID, second.submission.kreaID] == ["k1", "k2"])
        #expect(first.submission.polls == 1)
        #expect(try store.claimPoll(at: time.now) == .notBefore(time.now + .seconds(36)))

        let done = KreaJob(id: "k1", status: "completed", urls: ["https://gen.krea.ai/1.png"], warnings: ["w"])
        let job = try store.recordPoll(.answered(done), for: .sample(1), at: time.now)
        #expect(job.state == .completed)
        #expect(try store.job(.sample(1))?.job == job)
    }

    @Test(arguments: Kind.allCases)
    func `a 429 at a poll holds submissions and other polls back`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...2)
        _ = try store.claimSubmit(at: time.now)
        try store.recordSubmit(.accepted(KreaJob(id: "k1", status: "queued")), for: .sample(1), at: time.now)
        time.advance(by: .seconds(9))
        _ = try store.claimPoll(at: time.now)
        try store.recordPoll(.rateLimited(retryAfter: nil), for: .sample(1), at: time.now)
        #expect(try store.claimSubmit(at: time.now + .seconds(29)) == .notBefore(time.now + .seconds(30)))
        #expect(try store.claimPoll(at: time.now + .seconds(59)) == .notBefore(time.now + .seconds(60)))
    }

    @Test(arguments: Kind.allCases)
    func `a failure with Krea's words is read back`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...1)
        _ = try store.claimSubmit(at: time.now)
        let failure = JobFailure(.outOfCompute, detail: "Your API balance is used up.")
        try store.recordSubmit(.refused(failure), for: .sample(1), at: time.now)
        #expect(try store.job(.sample(1))?.job.submission.failure == failure)
    }

    @Test(arguments: Kind.allCases)
    func `a record that the table of states does not allow changes nothing`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...1)
        let before = try store.job(.sample(1))
        #expect(throws: IllegalTransition.self) { try store.recordSubmit(.lost, for: .sample(1), at: time.now) }
        #expect(throws: IllegalTransition.self) { try store.recordPoll(.noAnswer, for: .sample(1), at: time.now) }
        #expect(throws: UnknownJob(id: .sample(7))) { try store.recordPoll(.noAnswer, for: .sample(7), at: time.now) }
        #expect(try store.job(.sample(1)) == before)
    }

    @Test(arguments: Kind.allCases)
    func `a submission that was interrupted is given up, and not sent again`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...1)
        #expect(try store.recoverInterruptedSubmits(at: time.now) == nil)
        _ = try store.claimSubmit(at: time.now)
        let end = time.now + .seconds(40)
        #expect(try store.recoverInterruptedSubmits(at: end + .milliseconds(-1)) == end)
        #expect(try store.job(.sample(1))?.job.state == .submitting)
        #expect(try store.recoverInterruptedSubmits(at: end) == nil)
        #expect(try store.job(.sample(1))?.job.state == .unconfirmed)

        #expect(try store.giveUpUnconfirmed(at: end).map(\.id) == [.sample(1)])
        #expect(try store.job(.sample(1))?.job.submission.failure?.code == .submissionUnconfirmed)
        #expect(try store.claimSubmit(at: end + .seconds(1000)) == .nothing)
    }

    @Test(arguments: Kind.allCases)
    func `a list is paged from the newest on and shows a client its own jobs only`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...5)
        let other = Client(key: "user:ann")
        _ = try store.accept(.sample(6, client: other, at: time.now), key: nil)

        var query = JobQuery(client: Client(key: "address:192.0.2.1"), limit: 2)
        var pages: [[JobID]] = []
        repeat {
            let page = try store.jobs(query)
            pages.append(page.items.map(\.job.id))
            query.after = page.next
        } while query.after != nil
        #expect(pages == [[.sample(5), .sample(4)], [.sample(3), .sample(2)], [.sample(1)]])
        #expect(try store.jobs(JobQuery(client: other)).items.map(\.job.id) == [.sample(6)])
        #expect(try store.jobs(JobQuery(client: other, after: .sample(99))).items.isEmpty)
    }

    @Test(arguments: Kind.allCases)
    func `a list can be cut to some states`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...2)
        _ = try store.claimSubmit(at: time.now)
        let client = Client(key: "address:192.0.2.1")
        #expect(try store.jobs(JobQuery(client: client, states: [.waiting])).items.map(\.job.id) == [.sample(2)])
        #expect(try store.jobs(JobQuery(client: client, states: [.submitting, .running])).items.map(\.job.id) == [.sample(1)])
        #expect(try store.jobs(JobQuery(client: client, states: [])).items.isEmpty)
    }

    @Test(arguments: Kind.allCases)
    func `observers hear of a new job and of a record`(kind: Kind) throws {
        let store = try kind.make(folder)
        let changes = Counter()
        store.observeChanges { changes.increment() }
        try accepted(store, 1...1)
        #expect(changes.value == 1)
        _ = try store.claimSubmit(at: time.now)
        try store.recordSubmit(.notSent, for: .sample(1), at: time.now)
        #expect(changes.value == 2)
    }
}

private struct NotGranted: Error {}
