import Jobs
import TestSupport
import Testing

/// What every store has to do about webhooks to programs.
extension JobStoreConformance {
    private func job(_ number: UInt64, url: String? = "https://hooks.example.org/") throws -> Job {
        let sample = try Job.sample(number, at: time.now)
        return Job(
            id: sample.id, request: sample.request, client: sample.client, createdAt: time.now, delivery: url.map(WebhookDelivery.init))
    }

    /// A store whose jobs 1 and 2 have an address, and 3 has none.
    private func announcing(_ kind: Kind) throws -> (any JobStore, Int) {
        let store = try kind.make(folder)
        for (number, url) in [(1, "https://hooks.example.org/1"), (2, "https://hooks.example.org/2"), (3, nil)] as [(UInt64, String?)] {
            _ = try store.accept(job(number, url: url), key: nil)
        }
        return (store, try store.takeOver(at: time.now))
    }

    @Test(arguments: Kind.allCases)
    func `an end is told once it is there, to one caller, and what came of it is kept`(kind: Kind) throws {
        let (store, epoch) = try announcing(kind)
        #expect(try store.claimDelivery(by: epoch, at: time.now) == .nothing)
        let changes = Counter()
        store.observeChanges { changes.increment() }
        _ = try store.cancel(.sample(3), at: time.now)
        #expect(try store.claimDelivery(by: epoch, at: time.now) == .nothing)
        _ = try store.cancel(.sample(2), at: time.now)
        #expect(changes.value >= 2)
        let (attempt, told) = try store.claimDelivery(by: epoch, at: time.now).granted()
        #expect(told.job.id == .sample(2))
        #expect(told.job.state == .cancelled)
        #expect(attempt.url == "https://hooks.example.org/2")
        #expect(attempt.attempt == 1)
        #expect(try store.claimDelivery(by: epoch, at: time.now) == .notBefore(time.now + .seconds(20)))
        let failed = try store.recordDelivery(.failed("status 500"), for: attempt, at: time.now + .seconds(1))
        #expect(try store.job(.sample(2))?.job == failed)
        #expect(try store.claimDelivery(by: epoch, at: time.now) == .notBefore(time.now + .seconds(11)))
        let (second, _) = try store.claimDelivery(by: epoch, at: time.now + .seconds(11)).granted()
        #expect(second.messageID == attempt.messageID)
        try store.recordDelivery(.delivered(status: 200), for: second, at: time.now + .seconds(12))
        #expect(try store.claimDelivery(by: epoch, at: time.now + .seconds(9999)) == .nothing)
        let delivery = try #require(try store.job(.sample(2))?.job.delivery)
        #expect(delivery.state == .delivered)
        #expect(delivery.attempts == 2)
        #expect(delivery.outcome == "status 200")
        #expect(try store.calls(after: 0, limit: 10).isEmpty)
    }

    @Test(arguments: Kind.allCases)
    func `only the latest dispatcher tells of an end`(kind: Kind) throws {
        let (store, old) = try announcing(kind)
        _ = try store.cancel(.sample(1), at: time.now)
        let (attempt, _) = try store.claimDelivery(by: old, at: time.now).granted()
        let new = try store.takeOver(at: time.now)
        #expect(throws: LeadershipLost()) { try store.claimDelivery(by: old, at: time.now) }
        #expect(throws: LeadershipLost()) { try store.recordDelivery(.gone, for: attempt, at: time.now) }
        let (second, _) = try store.claimDelivery(by: new, at: time.now + .seconds(20)).granted()
        #expect(second.attempt == 2)
    }

    @Test(arguments: Kind.allCases)
    func `what is due first is told first, and what was given up is not told any more`(kind: Kind) throws {
        let (store, epoch) = try announcing(kind)
        _ = try store.cancel(.sample(2), at: time.now)
        _ = try store.cancel(.sample(1), at: time.now + .milliseconds(1))
        var told: [JobID] = []
        var now = time.now
        loop: while true {
            switch try store.claimDelivery(by: epoch, at: now) {
            case .granted(let granted):
                told.append(granted.job.job.id)
                if granted.job.job.id == .sample(1) { try store.recordDelivery(.failed("no answer"), for: granted.attempt, at: now) }
            case .notBefore(let moment): now = moment
            case .nothing: break loop
            }
        }
        #expect(told.prefix(2) == [.sample(2), .sample(1)])
        #expect(told.count == 12)
        for number in UInt64(1)...2 { #expect(try store.job(.sample(number))?.job.delivery?.state == .failed) }
    }

    @Test(arguments: Kind.allCases)
    func `a job that timed out is told of, and again when it has its picture`(kind: Kind) throws {
        let (store, epoch) = try announcing(kind)
        let (submit, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.answered(KreaJob(id: "k1", status: "queued")), for: submit, at: time.now)
        for _ in 1...40 {
            time.advance(by: .seconds(6))
            let (call, _) = try store.claimPoll(by: epoch, at: time.now).granted()
            try store.recordPoll(.answered(KreaJob(id: "k1", status: "processing")), for: call, at: time.now)
        }
        let (first, timedOut) = try store.claimDelivery(by: epoch, at: time.now).granted()
        #expect(timedOut.job.state == .timedOut)
        try store.recordDelivery(.failed("status 500"), for: first, at: time.now)
        _ = try store.resume(.sample(1), at: time.now)
        #expect(try store.claimDelivery(by: epoch, at: time.now + .seconds(600)) == .nothing)
        time.advance(by: .seconds(6))
        let (call, _) = try store.claimPoll(by: epoch, at: time.now).granted()
        let done = KreaJob(id: "k1", status: "completed", urls: ["https://gen.krea.ai/1.png"])
        try store.recordPoll(.answered(done), for: call, at: time.now)
        let (second, completed) = try store.claimDelivery(by: epoch, at: time.now).granted()
        #expect(completed.job.state == .completed)
        #expect(second.attempt == 1)
        #expect(second.messageID != first.messageID)
    }

    @Test(arguments: Kind.allCases)
    func `a job that times out because its polls were all claimed is told of`(kind: Kind) throws {
        let (store, epoch) = try announcing(kind)
        let (submit, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.answered(KreaJob(id: "k1", status: "queued")), for: submit, at: time.now)
        for _ in 1...40 {
            time.advance(by: .seconds(36))
            _ = try store.claimPoll(by: epoch, at: time.now).granted()
        }
        time.advance(by: .seconds(36))
        let changes = Counter()
        store.observeChanges { changes.increment() }
        #expect(try store.claimPoll(by: epoch, at: time.now) == .nothing)
        #expect(changes.value >= 1)
        guard case .granted = try store.claimDelivery(by: epoch, at: time.now) else { throw NotGranted() }
    }

    @Test(arguments: Kind.allCases)
    func `the same key with another address to tell is a conflict`(kind: Kind) throws {
        let store = try kind.make(folder)
        _ = try store.accept(job(1), key: "key")
        guard case .existing = try store.accept(job(2), key: "key") else { throw NotGranted() }
        #expect(try store.accept(job(3, url: "https://hooks.example.org/other"), key: "key") == .conflict)
        #expect(try store.accept(job(4, url: nil), key: "key") == .conflict)
    }

    @Test(arguments: Kind.allCases)
    func `when the clock is put back the next attempt moves along`(kind: Kind) throws {
        let (store, epoch) = try announcing(kind)
        _ = try store.cancel(.sample(1), at: time.now)
        guard case .granted = try store.claimDelivery(by: epoch, at: time.now) else { throw NotGranted() }
        try store.follow(time.origin)
        time.step(by: .seconds(-3600))
        try store.follow(time.origin)
        #expect(try store.claimDelivery(by: epoch, at: time.now) == .notBefore(time.now + .seconds(20)))
    }

    @Test(arguments: Kind.allCases)
    func `with its job an delivery is removed`(kind: Kind) throws {
        let (store, epoch) = try announcing(kind)
        _ = try store.cancel(.sample(1), at: time.now)
        #expect(try store.removeFinished(before: time.now + .milliseconds(1)) == 1)
        #expect(try store.claimDelivery(by: epoch, at: time.now) == .nothing)
    }
}
