import Jobs
import TestSupport
import Testing

/// What every store has to do with webhooks of Krea.
extension JobStoreConformance {
    private static let key = WebhookKey(String(repeating: "0a", count: 32))!
    private static let stranger = WebhookKey(String(repeating: "0b", count: 32))!

    /// A store whose first job was submitted with the key and runs, and the epoch of its dispatcher.
    private func called(_ kind: Kind) throws -> (any JobStore, Int) {
        let store = try kind.make(folder)
        try accepted(store, 1...2)
        let epoch = try store.takeOver(at: time.now)
        let (call, job) = try store.claimSubmit(by: epoch, at: time.now, webhookKey: Self.key).granted()
        #expect(job[1].webhookKey == Self.key)
        try store.recordSubmit(.answered(KreaJob(id: "k1", status: "queued")), for: call, at: time.now)
        return (store, epoch)
    }

    @Test(arguments: Kind.allCases)
    func `a webhook brings the poll of its job forward, and tells the observers`(kind: Kind) throws {
        let (store, epoch) = try called(kind)
        let changes = Counter()
        store.observeChanges { changes.increment() }
        #expect(try store.noteKreaWebhook(Self.key, at: time.now) == .sample(1))
        #expect(changes.value >= 1)
        #expect(try store.claimPoll(by: epoch, at: time.now) == .notBefore(time.now + .seconds(5)))
        let (call, job) = try store.claimPoll(by: epoch, at: time.now + .seconds(5)).granted()
        #expect(job[1].polls == 1)
        try store.recordPoll(.answered(KreaJob(id: "k1", status: "processing")), for: call, at: time.now + .seconds(5))
        #expect(try store.claimPoll(by: epoch, at: time.now + .seconds(5)) == .notBefore(time.now + .seconds(11)))
    }

    @Test(arguments: Kind.allCases)
    func `a webhook that is repeated or unknown changes nothing`(kind: Kind) throws {
        let (store, _) = try called(kind)
        let before = try store.job(.sample(1))
        #expect(try store.noteKreaWebhook(Self.stranger, at: time.now) == nil)
        #expect(try store.job(.sample(1)) == before)
        _ = try store.noteKreaWebhook(Self.key, at: time.now)
        let hinted = try store.job(.sample(1))
        #expect(try store.noteKreaWebhook(Self.key, at: time.now + .seconds(1)) == nil)
        #expect(try store.job(.sample(1)) == hinted)
    }

    @Test(arguments: Kind.allCases)
    func `a webhook before the answer to the paid call is kept`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...1)
        let epoch = try store.takeOver(at: time.now)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now, webhookKey: Self.key).granted()
        #expect(try store.noteKreaWebhook(Self.key, at: time.now) == .sample(1))
        try store.recordSubmit(.answered(KreaJob(id: "k1", status: "queued")), for: call, at: time.now)
        #expect(try store.claimPoll(by: epoch, at: time.now) == .notBefore(time.now + .seconds(5)))
    }

    @Test(arguments: Kind.allCases)
    func `of a job with several submissions a webhook is about its own`(kind: Kind) throws {
        let store = try kind.make(folder)
        let sample = try Job.sample(1, at: time.now)
        let job = Job(
            id: sample.id, request: sample.request, client: sample.client, createdAt: time.now,
            submissions: [Submission(), Submission()])
        _ = try store.accept(job, key: nil)
        let epoch = try store.takeOver(at: time.now)
        for (part, key) in [Self.key, Self.stranger].enumerated() {
            let (call, _) = try store.claimSubmit(by: epoch, at: time.now, webhookKey: key).granted()
            try store.recordSubmit(.answered(KreaJob(id: "k\(part)", status: "queued")), for: call, at: time.now)
            time.advance(by: .seconds(10))
        }
        let before = try #require(try store.job(.sample(1))?.job)
        #expect(try store.noteKreaWebhook(Self.stranger, at: time.now - .seconds(6)) == .sample(1))
        let after = try #require(try store.job(.sample(1))?.job)
        #expect(after[1] == before[1])
        #expect(after[2].nextPollAt == before[2].soonestPollAt)
    }

    @Test(arguments: Kind.allCases)
    func `a webhook does not break a silence`(kind: Kind) throws {
        let (store, epoch) = try called(kind)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now + .seconds(10)).granted()
        time.advance(by: .seconds(10))
        try store.recordSubmit(.rateLimited(retryAfter: nil), for: call, at: time.now)
        _ = try store.noteKreaWebhook(Self.key, at: time.now)
        #expect(try store.claimPoll(by: epoch, at: time.now) == .notBefore(time.now + .seconds(30)))
    }

    @Test(arguments: Kind.allCases)
    func `a webhook for a job that timed out opens a look, in which the ledger counts anew`(kind: Kind) throws {
        let (store, epoch) = try called(kind)
        for _ in 1...40 {
            time.advance(by: .seconds(6))
            let (call, _) = try store.claimPoll(by: epoch, at: time.now).granted()
            try store.recordPoll(.answered(KreaJob(id: "k1", status: "processing")), for: call, at: time.now)
        }
        #expect(try store.job(.sample(1))?.job.state == .timedOut)
        #expect(try store.noteKreaWebhook(Self.key, at: time.now) == .sample(1))
        let (call, _) = try store.claimPoll(by: epoch, at: time.now + .seconds(5)).granted()
        #expect(call.pollRound == 2)
        let job = try store.recordPoll(.answered(KreaJob(id: "k1", status: "processing")), for: call, at: time.now + .seconds(6))
        #expect(job.state == .timedOut)
        #expect(try store.job(.sample(1))?.job == job)
        var audit = Audit(store.rules)
        for call in try store.calls(after: 0, limit: 100) { audit.read(call) }
        #expect(audit.broken == [])
        #expect(audit.mostPolls == 40)
    }
}
