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

    /// A store with so many jobs of which the first is submitted and running as `k1`, and the epoch of its dispatcher.
    private func running(_ kind: Kind, _ count: UInt64 = 1) throws -> (any JobStore, Int) {
        let store = try kind.make(folder)
        try accepted(store, 1...count)
        let epoch = try store.takeOver(at: time.now)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.accepted(KreaJob(id: "k1", status: "queued")), for: call, at: time.now)
        return (store, epoch)
    }

    @Test(arguments: Kind.allCases)
    func `an accepted job is read back as it was`(kind: Kind) throws {
        let store = try kind.make(folder)
        let members: [String: JSONValue] = [
            "model": "flux", "width": 640, "batch_size": 3, "aspect_ratio": "4:3", "image_urls": ["https://example.org/a.png"],
        ]
        let job = try Job.sample(prompt: "“quotes”, 'quotes', \0 and\nlines \u{1F3DD}", members: members, at: time.now)
        #expect(try store.accept(job, key: nil) == .new(QueuedJob(job: job, position: 0, pace: Pace())))
        #expect(try store.job(job.id) == QueuedJob(job: job, position: 0, pace: Pace()))
    }

    @Test(arguments: Kind.allCases)
    func `an ID that no job has finds none`(kind: Kind) throws {
        let store = try kind.make(folder)
        #expect(try store.job(.sample(9)) == nil)
        #expect(try !store.wasRemoved(.sample(9)))
        #expect(throws: UnknownJob(id: .sample(9))) { try store.cancel(.sample(9), at: time.now) }
        #expect(throws: UnknownJob(id: .sample(9))) { try store.lookAgain(.sample(9), at: time.now) }
    }

    @Test(arguments: Kind.allCases)
    func `the same key with an equal request brings the first job back, with another it is a conflict`(kind: Kind) throws {
        let store = try kind.make(folder)
        let first = try Job.sample(1, at: time.now)
        _ = try store.accept(first, key: "key")
        #expect(try store.accept(.sample(2, at: time.now), key: "key") == .existing(try #require(try store.job(first.id))))
        #expect(try store.accept(.sample(3, prompt: "another", at: time.now), key: "key") == .conflict)
        #expect(try store.job(.sample(2)) == nil)
        #expect(try store.job(.sample(3)) == nil)
        guard case .new = try store.accept(.sample(4, at: time.now), key: "other key") else { throw NotGranted() }
    }

    @Test(arguments: Kind.allCases)
    func `a key is forgotten after 24 hours, not before`(kind: Kind) throws {
        let store = try kind.make(folder)
        _ = try store.accept(.sample(1, at: time.now), key: "key")
        time.advance(by: .seconds(86_400) - .milliseconds(1))
        guard case .existing = try store.accept(.sample(2, at: time.now), key: "key") else { throw NotGranted() }
        time.advance(by: .milliseconds(1))
        guard case .new = try store.accept(.sample(3, at: time.now), key: "key") else { throw NotGranted() }
        guard case .existing(let third) = try store.accept(.sample(4, at: time.now), key: "key") else { throw NotGranted() }
        #expect(third.job.id == .sample(3))
    }

    @Test(arguments: Kind.allCases)
    func `a client's queue is full at its limit, until its first job has gone`(kind: Kind) throws {
        let store = try kind.make(folder)
        let other = Client(key: "user:ann")
        _ = try store.accept(.sample(99, client: other, at: time.now), key: nil)
        try accepted(store, 1...20)
        let refused = try store.accept(.sample(21, at: time.now), key: nil)
        #expect(refused == .full(.client, until: time.now + .seconds(10)))
        guard case .new = try store.accept(.sample(22, client: other, at: time.now), key: nil) else { throw NotGranted() }
        _ = try store.cancel(.sample(5), at: time.now)
        guard case .new = try store.accept(.sample(23, at: time.now), key: nil) else { throw NotGranted() }
    }

    @Test(arguments: Kind.allCases)
    func `everybody's queue is full at its limit`(kind: Kind) throws {
        let store = try kind.make(folder)
        for number in UInt64(1)...500 {
            _ = try store.accept(.sample(number, client: Client(key: "user:\(number)"), at: time.now), key: nil)
        }
        #expect(try store.accept(.sample(501, at: time.now), key: nil) == .full(.total, until: time.now))
    }

    @Test(arguments: Kind.allCases)
    func `jobs are submitted in the order in which they came, one per interval`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...2)
        let epoch = try store.takeOver(at: time.now)
        #expect(try store.job(.sample(2))?.position == 1)

        let (call, first) = try store.claimSubmit(by: epoch, at: time.now).granted()
        #expect(first.id == .sample(1))
        #expect(first.state == .submitting)
        #expect(try store.job(.sample(2))?.position == 0)
        // While the call is being made nobody else gets one, however long it takes.
        #expect(try store.claimSubmit(by: epoch, at: time.now + .seconds(39)) == .notBefore(time.now + .seconds(40)))

        time.advance(by: .seconds(2))
        try store.recordSubmit(.accepted(KreaJob(id: "k1", status: "queued")), for: call, at: time.now)
        let next = time.now + .seconds(10)
        #expect(try store.claimSubmit(by: epoch, at: next - .milliseconds(1)) == .notBefore(next))
        #expect(try store.claimSubmit(by: epoch, at: next).granted().1.id == .sample(2))
    }

    @Test(arguments: Kind.allCases)
    func `with nothing to do there is nothing to claim`(kind: Kind) throws {
        let store = try kind.make(folder)
        let epoch = try store.takeOver(at: time.now)
        for claim in [store.claimSubmit, store.claimPoll, store.claimCancel, store.claimList] {
            #expect(try claim(epoch, time.now) == .nothing)
        }
    }

    @Test(arguments: Kind.allCases)
    func `only the latest dispatcher claims, records and gives signs of life`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...1)
        #expect(try store.latestTerm().epoch == 0)
        let old = try store.takeOver(at: time.now)
        let (call, _) = try store.claimSubmit(by: old, at: time.now).granted()
        let new = try store.takeOver(at: time.now + .seconds(1))
        #expect(new == old + 1)
        #expect(try store.latestTerm() == Term(epoch: new, heartbeatAt: time.now + .seconds(1)))
        for claim in [store.claimSubmit, store.claimPoll, store.claimCancel, store.claimList] {
            #expect(throws: Superseded()) { try claim(old, time.now) }
        }
        #expect(throws: Superseded()) { try store.recordSubmit(.lost, for: call, at: time.now) }
        #expect(throws: Superseded()) { try store.recordList(.noAnswer, for: call, at: time.now) { _ in true } }
        #expect(throws: Superseded()) { try store.heartbeat(old, at: time.now) }
        try store.heartbeat(new, at: time.now + .seconds(2))
        #expect(try store.latestTerm().heartbeatAt == time.now + .seconds(2))
        #expect(try store.calls(after: 0, limit: 10).map(\.outcome) == [nil])
    }

    @Test(arguments: Kind.allCases)
    func `a job that was not sent keeps its place in the line`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...2)
        let epoch = try store.takeOver(at: time.now)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.notSent, for: call, at: time.now)
        #expect(try store.claimSubmit(by: epoch, at: time.now + .seconds(10)).granted().1.id == .sample(1))
    }

    @Test(arguments: Kind.allCases)
    func `the running job whose poll is due first is polled first`(kind: Kind) throws {
        let (store, epoch) = try running(kind, 2)
        time.advance(by: .seconds(10))
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.accepted(KreaJob(id: "k2", status: "queued")), for: call, at: time.now)
        time.advance(by: .seconds(10))
        let (firstCall, first) = try store.claimPoll(by: epoch, at: time.now).granted()
        let (_, second) = try store.claimPoll(by: epoch, at: time.now).granted()
        #expect([first.submission.kreaID, second.submission.kreaID] == ["k1", "k2"])
        #expect(first.submission.polls == 1)
        #expect(try store.claimPoll(by: epoch, at: time.now) == .notBefore(time.now + .seconds(36)))

        let done = KreaJob(id: "k1", status: "completed", urls: ["https://gen.krea.ai/1.png"], warnings: ["w"])
        let job = try store.recordPoll(.answered(done), for: firstCall, at: time.now)
        #expect(job.state == .completed)
        #expect(try store.job(.sample(1))?.job == job)
    }

    @Test(arguments: Kind.allCases)
    func `a 429 at a poll holds submissions and other polls back`(kind: Kind) throws {
        let (store, epoch) = try running(kind, 2)
        time.advance(by: .seconds(9))
        let (call, _) = try store.claimPoll(by: epoch, at: time.now).granted()
        try store.recordPoll(.rateLimited(retryAfter: nil), for: call, at: time.now)
        #expect(try store.claimSubmit(by: epoch, at: time.now + .seconds(29)) == .notBefore(time.now + .seconds(30)))
        #expect(try store.claimPoll(by: epoch, at: time.now + .seconds(59)) == .notBefore(time.now + .seconds(60)))
    }

    @Test(arguments: Kind.allCases)
    func `a failure with Krea's words is read back, and a 402 holds the queue until it is released`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...2)
        let epoch = try store.takeOver(at: time.now)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        let failure = JobFailure(.outOfCompute, detail: "Your API balance is used up.")
        try store.recordSubmit(.refused(failure), for: call, at: time.now)
        #expect(try store.job(.sample(1))?.job.submission.failure == failure)
        #expect(try store.claimSubmit(by: epoch, at: time.now + .seconds(60)) == .notBefore(time.now + .seconds(300)))
        try store.release()
        #expect(try store.claimSubmit(by: epoch, at: time.now + .seconds(60)).granted().1.id == .sample(2))
    }

    @Test(arguments: Kind.allCases)
    func `a refused token leaves nothing to claim until somebody takes over or releases it`(kind: Kind) throws {
        let (store, epoch) = try running(kind)
        let (call, _) = try store.claimPoll(by: epoch, at: time.now + .seconds(6)).granted()
        try store.recordPoll(.unauthorised, for: call, at: time.now + .seconds(6))
        #expect(try store.claimPoll(by: epoch, at: time.now + .seconds(60)) == .nothing)
        let next = try store.takeOver(at: time.now)
        _ = try store.claimPoll(by: next, at: time.now + .seconds(60)).granted()
    }

    @Test(arguments: Kind.allCases)
    func `an answer that comes after the job's end leaves the job alone, but its 429 counts`(kind: Kind) throws {
        let (store, epoch) = try running(kind, 2)
        let now = time.now + .seconds(10)
        _ = try store.cancel(.sample(1), at: now)
        let (cancel, _) = try store.claimCancel(by: epoch, at: now).granted()
        let (poll, _) = try store.claimPoll(by: epoch, at: now).granted()
        try store.recordPoll(.answered(KreaJob(id: "k1", status: "failed")), for: poll, at: now)
        let before = try store.job(.sample(1))?.job
        try store.recordCancel(.rateLimited(retryAfter: nil), for: cancel, at: now)
        #expect(try store.job(.sample(1))?.job == before)
        #expect(try store.claimSubmit(by: epoch, at: now + .seconds(29)) == .notBefore(now + .seconds(30)))
        #expect(try store.calls(after: 0, limit: 10).map(\.outcome) == ["accepted", "rate_limited", "failed"])
    }

    @Test(arguments: Kind.allCases)
    func `a record that the table of states does not allow changes nothing`(kind: Kind) throws {
        let (store, epoch) = try running(kind)
        let (poll, _) = try store.claimPoll(by: epoch, at: time.now + .seconds(6)).granted()
        let before = try store.job(.sample(1))
        #expect(throws: IllegalTransition.self) { try store.recordSubmit(.lost, for: poll, at: time.now) }
        #expect(try store.job(.sample(1)) == before)
        #expect(try store.calls(after: 1, limit: 1).first?.outcome == nil)
    }

    @Test(arguments: Kind.allCases)
    func `a job whose polls were all claimed times out instead of being asked for again`(kind: Kind) throws {
        let (store, epoch) = try running(kind)
        for _ in 1...40 {
            time.advance(by: .seconds(36))
            _ = try store.claimPoll(by: epoch, at: time.now).granted()
        }
        time.advance(by: .seconds(36))
        #expect(try store.claimPoll(by: epoch, at: time.now) == .nothing)
        #expect(try store.job(.sample(1))?.job.state == .timedOut)
    }

    @Test(arguments: Kind.allCases)
    func `a submission whose dispatcher is gone is in doubt at once, else when no call can last that long`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...1)
        let epoch = try store.takeOver(at: time.now)
        #expect(try store.recoverInterruptedSubmits(at: time.now) { _ in true } == nil)
        _ = try store.claimSubmit(by: epoch, at: time.now)
        let end = time.now + .seconds(40)
        #expect(try store.recoverInterruptedSubmits(at: end - .milliseconds(1)) { $0 != epoch } == end)
        #expect(try store.job(.sample(1))?.job.state == .submitting)
        #expect(try store.recoverInterruptedSubmits(at: time.now + .seconds(2)) { $0 == epoch } == nil)
        let submission = try #require(try store.job(.sample(1))?.job.submission)
        #expect(submission.state == .unconfirmed)
        #expect(submission.lostAt == time.now + .seconds(2))
    }

    @Test(arguments: Kind.allCases)
    func `Krea's list settles what was lost: found is adopted, absent waits again, and known IDs do not count`(kind: Kind) throws {
        let (store, epoch) = try running(kind, 3)
        for offset in [10, 20] {
            let now = time.now + .seconds(offset)
            let (call, _) = try store.claimSubmit(by: epoch, at: now).granted()
            try store.recordSubmit(.lost, for: call, at: now)
        }
        let asked = time.now + .seconds(50)
        let (call, about) = try store.claimList(by: epoch, at: asked).granted()
        #expect(about.id == .sample(2))
        #expect(try store.claimList(by: epoch, at: asked) == .notBefore(asked + .seconds(36)))
        let list = AccountList(
            jobs: [
                KreaJob(id: "k3", status: "queued", createdAt: time.now + .seconds(20)),
                KreaJob(id: "k1", status: "queued", createdAt: time.now + .seconds(10)),
            ], isComplete: true, kreaTime: asked)
        let settled = try store.recordList(.answered(list), for: call, at: asked) { _ in false }
        #expect(settled.map(\.id) == [.sample(2), .sample(3)])
        #expect(settled.map(\.state) == [.waiting, .running])
        #expect(settled.last?.submission.kreaID == "k3")
        #expect(try store.claimList(by: epoch, at: asked + .seconds(6)) == .nothing)
        #expect(try store.claimSubmit(by: epoch, at: asked).granted().1.id == .sample(2))
    }

    @Test(arguments: Kind.allCases)
    func `a running job that is not wanted is cancelled once, others are left alone`(kind: Kind) throws {
        let (store, epoch) = try running(kind, 2)
        #expect(try store.claimCancel(by: epoch, at: time.now) == .nothing)
        #expect(try store.cancel(.sample(2), at: time.now).job.state == .cancelled)
        #expect(try store.cancel(.sample(1), at: time.now).job.submission.isCancelWanted)
        let (call, job) = try store.claimCancel(by: epoch, at: time.now).granted()
        #expect(job.id == .sample(1))
        try store.recordCancel(.accepted, for: call, at: time.now)
        #expect(try store.claimCancel(by: epoch, at: time.now + .seconds(600)) == .nothing)
        #expect(throws: AlreadyFinished()) { try store.cancel(.sample(2), at: time.now) }
    }

    @Test(arguments: Kind.allCases)
    func `every call is in the ledger before it is made, and completed afterwards`(kind: Kind) throws {
        let (store, epoch) = try running(kind)
        let (poll, _) = try store.claimPoll(by: epoch, at: time.now + .seconds(6)).granted()
        let open = try store.calls(after: 0, limit: 10)
        #expect(open.map(\.kind) == [.submit, .poll])
        #expect(open.map(\.outcome) == ["accepted", nil])
        try store.recordPoll(.rateLimited(retryAfter: nil), for: poll, at: time.now + .seconds(7))
        let closed = try #require(try store.calls(after: open[0].id, limit: 1).first)
        #expect(closed.outcome == "rate_limited")
        #expect(closed.startedAt == time.now + .seconds(6))
        #expect(closed.endedAt == time.now + .seconds(7))
        #expect(closed.job == .sample(1))
    }

    @Test(arguments: Kind.allCases)
    func `the usual run of a model is the median of its latest 50`(kind: Kind) throws {
        let store = try kind.make(folder)
        let epoch = try store.takeOver(at: time.now)
        // The first ten take 100 s and do not count any more; the others take 1 to 50 s.
        for number in UInt64(1)...60 {
            _ = try store.accept(.sample(number, at: time.now), key: nil)
            let (submit, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
            try store.recordSubmit(.accepted(KreaJob(id: "k\(number)", status: "queued")), for: submit, at: time.now)
            time.advance(by: .seconds(number <= 10 ? 100 : Int(number) - 10 + 6))
            let (poll, _) = try store.claimPoll(by: epoch, at: time.now).granted()
            let done = KreaJob(id: "k\(number)", status: "completed", urls: ["https://gen.krea.ai/1.png"])
            try store.recordPoll(.answered(done), for: poll, at: time.now)
            time.advance(by: .seconds(10))
        }
        _ = try store.accept(.sample(61, at: time.now), key: nil)
        _ = try store.accept(.sample(62, members: ["model": "flux"], at: time.now), key: nil)
        #expect(try store.job(.sample(61))?.usualRun == .seconds(25 + 6))
        #expect(try store.job(.sample(62))?.usualRun == nil)
    }

    @Test(arguments: Kind.allCases)
    func `when the clock is put forward or back, what lies ahead moves along`(kind: Kind) throws {
        let (store, epoch) = try running(kind, 2)
        try store.follow(time.origin)
        time.step(by: .seconds(-3600))
        try store.follow(time.origin)
        // Who notices it second moves nothing once more.
        try store.follow(time.origin)
        #expect(try store.claimSubmit(by: epoch, at: time.now) == .notBefore(time.now + .seconds(10)))
        #expect(try store.claimPoll(by: epoch, at: time.now) == .notBefore(time.now + .seconds(6)))
        #expect(try store.job(.sample(1))?.job.submission.startedAt == time.now)
    }

    @Test(arguments: Kind.allCases)
    func `jobs are removed some time after their end, and their IDs are remembered`(kind: Kind) throws {
        let (store, epoch) = try running(kind, 2)
        let end = time.now + .seconds(6)
        let (poll, _) = try store.claimPoll(by: epoch, at: end).granted()
        try store.recordPoll(.answered(KreaJob(id: "k1", status: "failed")), for: poll, at: end)
        #expect(try store.removeFinished(before: end) == 0)
        #expect(try store.removeFinished(before: end + .milliseconds(1)) == 1)
        #expect(try store.job(.sample(1)) == nil)
        #expect(try store.wasRemoved(.sample(1)))
        #expect(try store.job(.sample(2)) != nil)
        #expect(try store.calls(after: 0, limit: 10).isEmpty)
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
        #expect(try store.jobs(JobQuery(client: nil)).items.count == 6)
    }

    @Test(arguments: Kind.allCases)
    func `a list can be cut to some states`(kind: Kind) throws {
        let (store, _) = try running(kind, 2)
        let client = Client(key: "address:192.0.2.1")
        #expect(try store.jobs(JobQuery(client: client, states: [.waiting])).items.map(\.job.id) == [.sample(2)])
        #expect(try store.jobs(JobQuery(client: client, states: [.submitting, .running])).items.map(\.job.id) == [.sample(1)])
        #expect(try store.jobs(JobQuery(client: client, states: [])).items.isEmpty)
    }

    @Test(arguments: Kind.allCases)
    func `observers hear of a new job and of a record`(kind: Kind) throws {
        let store = try kind.make(folder)
        let epoch = try store.takeOver(at: time.now)
        let changes = Counter()
        store.observeChanges { changes.increment() }
        try accepted(store, 1...1)
        let afterAccept = changes.value
        #expect(afterAccept >= 1)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.notSent, for: call, at: time.now)
        #expect(changes.value > afterAccept)
    }
}

private struct NotGranted: Error {}

extension Claim {
    /// The call and the job, if it was granted.
    func granted() throws -> (Call, Job) {
        guard case .granted(let call, let job) = self else { throw NotGranted() }
        return (call, job)
    }
}
