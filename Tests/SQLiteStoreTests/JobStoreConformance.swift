import Foundation
import Jobs
import SQLiteStore
import TestSupport
import Testing

/// What every `JobStore` has to do, run over each store there is.
@Suite struct JobStoreConformance {
    enum Kind: CaseIterable {
        case sqlite

        func make(_ folder: TemporaryFolder) throws -> any JobStore {
            switch self {
            case .sqlite: try SQLiteStore(path: folder.file("jobs.sqlite"), rules: PaceRules())
            }
        }
    }

    let time = TestTime()
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    func accepted(_ store: any JobStore, _ numbers: ClosedRange<UInt64>) throws {
        for number in numbers { _ = try store.accept(.sample(number, at: time.now), key: nil) }
    }

    /// A store with `count` jobs, the first submitted and running as `k1`, and the epoch of its dispatcher.
    func running(_ kind: Kind, _ count: UInt64 = 1, pictures: Int = 1) throws -> (any JobStore, Int) {
        let store = try kind.make(folder)
        for number in 1...count { _ = try store.accept(.sample(number, pictures: pictures, at: time.now), key: nil) }
        let epoch = try store.takeOver(at: time.now)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.answered(KreaJob(id: "k1", status: "queued")), for: call, at: time.now)
        return (store, epoch)
    }

    @Test(arguments: Kind.allCases)
    func `an accepted job is read back as it was`(kind: Kind) throws {
        let store = try kind.make(folder)
        let members: [String: JSONValue] = [
            "model": "flux", "width": 640, "batch_size": 3, "aspect_ratio": "4:3", "image_urls": ["https://example.org/a.png"],
        ]
        let job = try Job.sample(prompt: "“quotes”, 'quotes', \t and\nlines \u{1F3DD}", members: members, at: time.now)
        #expect(try store.accept(job, key: nil) == .new(QueuedJob(job: job, position: 0, pace: Pace())))
        #expect(try store.job(job.id) == QueuedJob(job: job, position: 0, pace: Pace()))
    }

    @Test(arguments: Kind.allCases)
    func `a job whose request is known is read again with all that has changed`(kind: Kind) throws {
        let (store, _) = try running(kind, 2, pictures: 3)
        let known = try #require(try store.job(.sample(1)))
        _ = try store.cancel(.sample(1), at: time.now)
        let changed = try store.job(.sample(1))
        #expect(changed != known)
        #expect(try store.job(.sample(1), of: known.job.request) == changed)
        #expect(try store.job(.sample(3), of: known.job.request) == nil)
    }

    @Test(arguments: Kind.allCases)
    func `texts that Swift takes for one stay two: prompts, clients, names of requests`(kind: Kind) throws {
        let store = try kind.make(folder)
        let twins = ["Jose\u{301}", "José"]
        for (number, text) in zip(UInt64(1)..., twins) {
            let job = try Job.sample(number, prompt: text, client: Client(user: text, address: nil), at: time.now)
            guard case .new = try store.accept(job, key: "api:x user:\(text)") else {
                Issue.record("The job of \(text) is taken for another's.")
                return
            }
        }
        for (number, text) in zip(UInt64(1)..., twins) {
            for _ in 1...2 {
                let read = try #require(try store.job(.sample(number))?.job)
                #expect(read.request.prompt.hasSameBytes(as: text))
                #expect(read.client.key.hasSameBytes(as: "user:\(text)"))
            }
            #expect(try store.jobs(JobQuery(client: Client(user: text, address: nil))).items.map(\.job.id) == [.sample(number)])
        }
        let other = try Job.sample(3, prompt: twins[1], client: Client(user: twins[0], address: nil), at: time.now)
        #expect(try store.accept(other, key: "api:x user:\(twins[0])") == .conflict)
    }

    @Test(arguments: Kind.allCases)
    func `an ID that no job has finds none`(kind: Kind) throws {
        let store = try kind.make(folder)
        #expect(try store.job(.sample(9)) == nil)
        #expect(try !store.wasRemoved(.sample(9)))
        #expect(throws: UnknownJob(id: .sample(9))) { try store.cancel(.sample(9), at: time.now) }
        #expect(throws: UnknownJob(id: .sample(9))) { try store.resume(.sample(9), at: time.now) }
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
    func `the queue of all clients is full at its limit`(kind: Kind) throws {
        let store = try kind.make(folder)
        for number in UInt64(1)...500 {
            _ = try store.accept(.sample(number, client: Client(key: "user:\(number)"), at: time.now), key: nil)
        }
        #expect(try store.accept(.sample(501, at: time.now), key: nil) == .full(.total, until: time.now))
    }

    @Test(arguments: Kind.allCases)
    func `the usual run of a model is the median of its latest 50`(kind: Kind) throws {
        let store = try kind.make(folder)
        let epoch = try store.takeOver(at: time.now)
        // The first ten take 100 s and do not count any more; the others take 1 to 50 s.
        for number in UInt64(1)...60 {
            _ = try store.accept(.sample(number, at: time.now), key: nil)
            let (submit, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
            try store.recordSubmit(.answered(KreaJob(id: "k\(number)", status: "queued")), for: submit, at: time.now)
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
    func `a job of a signed address is never removed`(kind: Kind) throws {
        let store = try kind.make(folder)
        for (number, client) in [(1, .signed), (2, Client(key: "user:ann"))] as [(UInt64, Client)] {
            _ = try store.accept(.sample(number, client: client, at: time.now), key: nil)
            _ = try store.cancel(.sample(number), at: time.now)
        }
        #expect(try store.removeFinished(before: time.now + .seconds(86_400)) == 1)
        #expect(try store.job(.sample(1))?.job.client == .signed)
        #expect(try !store.wasRemoved(.sample(1)))
        #expect(try store.job(.sample(2)) == nil)
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
    func `a list can be cut to what was accepted before a moment`(kind: Kind) throws {
        let store = try kind.make(folder)
        for number in UInt64(1)...4 {
            _ = try store.accept(.sample(number, at: time.now), key: nil)
            time.advance(by: .milliseconds(1))
        }
        let third = try #require(try store.job(.sample(3))).job.createdAt
        let page = try store.jobs(JobQuery(client: nil, limit: 1, before: third))
        #expect(page.items.map(\.job.id) == [.sample(2)])
        #expect(page.next == .sample(2))
        #expect(try store.jobs(JobQuery(client: nil, after: .sample(2), before: third)).items.map(\.job.id) == [.sample(1)])
        #expect(try store.jobs(JobQuery(client: nil, before: third + .milliseconds(1))).items.count == 3)
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

    @Test(arguments: Kind.allCases)
    func `an observer that was removed hears nothing more`(kind: Kind) throws {
        let store = try kind.make(folder)
        let (gone, there) = (Counter(), Counter())
        let stop = store.observeChanges { gone.increment() }
        store.observeChanges { there.increment() }
        try store.pause(because: "first")
        stop()
        let heard = gone.value
        try store.pause(because: "second")
        #expect(heard >= 1)
        #expect(gone.value == heard)
        #expect(there.value >= 2)
    }
}
