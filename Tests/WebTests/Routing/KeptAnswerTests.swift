import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Answers that are kept.
@Suite struct KeptAnswerTests {
    @Test(arguments: 1...3)
    func `whatever happens to many jobs, each answer is to the byte what an application says that has kept nothing`(seed: UInt64) throws {
        let fixture = WebFixture()
        var history = History(fixture, seed: seed)
        var statuses: Set<String> = []
        for _ in 1...240 {
            try history.goOn()
            for _ in 1...2 {
                // What was read is read again a little later, up to the end of the second and beyond.
                for id in history.someJobs {
                    let mount = Bool.random(using: &history.dice) ? "/krea" : nil
                    let path = "\(mount ?? "")/api/jobs/\(id)"
                    let kept = try fixture.get(path, mount: mount)
                    let fresh = try fixture.newcomer.get(path, mount: mount)
                    #expect(kept.status == fresh.status)
                    #expect(kept.fields == fresh.fields)
                    #expect(kept.text == fresh.text)
                    let known = try fixture.get(path, mount: mount, [.ifNoneMatch: fresh["ETag"] ?? ""])
                    #expect(known.status == 304)
                    #expect(known.text.isEmpty)
                    statuses.insert(kept.json["state"]?.text ?? "")
                }
                fixture.time.advance(
                    by: .milliseconds(
                        [0, 1, 2, 999, 1000, Int.random(in: 1...1500, using: &history.dice)].randomElement(using: &history.dice)!))
            }
        }
        #expect(statuses.isSuperset(of: ["waiting", "running"]))
        #expect(!statuses.isDisjoint(with: ["completed", "failed", "cancelled"]))
    }

    @Test func `an answer is made once for all who ask, until something has changed or the second is over`() throws {
        let answers = JobResponseCache()
        let usual = JobResponseCache.Key(job: .sample(1), mount: "/krea")
        let start = Timestamp(milliseconds: 5_000)
        var made = 0
        func read(_ version: StoreVersion?, as key: JobResponseCache.Key? = nil, at now: Timestamp) throws {
            _ = try answers.answer(key ?? usual, version, at: now) { now in
                made += 1
                return (Self.told("\(made)"), .signed, until: now + .milliseconds(700))
            }
        }
        let first = StoreVersion(1)
        for milliseconds in [0, 1, 699] { try read(first, at: start + .milliseconds(milliseconds)) }
        #expect(made == 1)
        try read(first, at: start + .milliseconds(700))
        #expect(made == 2)
        try read(StoreVersion(2), at: start + .milliseconds(700))
        #expect(made == 3)
        // The clock was put back.
        try read(StoreVersion(2), at: start)
        #expect(made == 4)
        try read(StoreVersion(2), as: JobResponseCache.Key(job: .sample(1), mount: ""), at: start)
        for mount in ["/\u{E9}", "/e\u{301}"] {
            try read(StoreVersion(2), as: JobResponseCache.Key(job: .sample(1), mount: TextKey(mount)), at: start)
        }
        made -= 2
        try read(StoreVersion(2), as: JobResponseCache.Key(job: .sample(2), mount: "/krea"), at: start)
        #expect(made == 6)
        try read(nil, at: start)
        try read(nil, at: start)
        #expect(made == 8)
    }

    private static func told(_ text: String) -> JobReader.Told {
        JobReader.Told(reply: Reply(text: text), isFinished: false, isSettled: false)
    }

    @Test func `what is asked for often stays, and all the rest has a bound`() throws {
        let answers = JobResponseCache(halfSize: 10_000, parts: 1)
        var made: [JobID: Int] = [:]
        func read(_ number: UInt64) throws {
            let id = JobID.sample(number)
            _ = try answers.answer(JobResponseCache.Key(job: id, mount: ""), StoreVersion(1), at: .epoch) { _ in
                made[id, default: 0] += 1
                return (Self.told(String(repeating: "x", count: 500)), .signed, until: nil)
            }
        }
        for number in UInt64(2)...100 {
            try read(1)
            try read(number)
        }
        #expect(made[.sample(1)] == 1)
        try read(2)
        #expect(made[.sample(2)] == 2)
    }
}

/// What may happen to jobs in a store, at random.
private struct History {
    let fixture: WebFixture
    var dice: SeededGenerator
    private var jobs: [JobID] = []
    private var calls: [Call] = []
    private var kreaJobs: UInt64 = 0

    init(_ fixture: WebFixture, seed: UInt64) {
        self.fixture = fixture
        dice = SeededGenerator(seed: seed)
    }

    var someJobs: [JobID] {
        mutating get { Array(jobs.shuffled(using: &dice).prefix(3)) }
    }

    mutating func goOn() throws {
        let (store, epoch, now) = (fixture.store, fixture.epoch, fixture.time.now)
        switch Int.random(in: 0..<14, using: &dice) {
        case 0, 1:
            let members = Bool.random(using: &dice) ? ", \"model\": \"imagen\", \"batch_size\": 3" : ""
            if jobs.count < 15 { jobs.append(try JobDriver(fixture, members: members).id) }
        case 2, 3:
            keep(try store.claimSubmit(by: epoch, at: now, webhookKey: Bool.random(using: &dice) ? WebhookKey.random(using: &dice) : nil))
        case 4: keep(try store.claimPoll(by: epoch, at: now))
        case 5: keep(try store.claimCancel(by: epoch, at: now))
        case 6, 7, 8: try endCall(at: now)
        case 9:
            if Int.random(in: 0..<6, using: &dice) == 0, let id = jobs.randomElement(using: &dice) { _ = try? store.cancel(id, at: now) }
        case 10: if let id = jobs.randomElement(using: &dice) { _ = try? store.resume(id, at: now) }
        case 11:
            let luck = Int.random(in: 0..<16, using: &dice)
            if luck < 4 { try store.release(at: now) }
            if luck == 15 { try store.pause(because: "moving house") }
        default: fixture.time.advance(by: .milliseconds([17, 400, 2500, 6001, 10_000, 31_000].randomElement(using: &dice)!))
        }
    }

    private mutating func keep(_ claim: Claim<GrantedCall>) {
        if case .granted(let granted) = claim { calls.append(granted.call) }
    }

    private mutating func endCall(at now: Timestamp) throws {
        guard !calls.isEmpty else { return }
        let call = calls.remove(at: Int.random(in: 0..<calls.count, using: &dice))
        let isUnlucky = Int.random(in: 0..<8, using: &dice) == 0
        kreaJobs += 1
        switch call.kind {
        case .submit:
            let unlucky: [CallResult<KreaJob>] = [
                .noAnswer, .notSent, .rateLimited(retryAfter: nil), .refused(JobFailure(.outOfCompute)), .unauthorised(),
            ]
            let outcome = isUnlucky ? unlucky.randomElement(using: &dice)! : .answered(KreaJob(id: "k\(kreaJobs)", status: "queued"))
            _ = try? fixture.store.recordSubmit(outcome, for: call, at: now)
        case .poll:
            let unlucky: [CallResult<KreaJob>] = [.rateLimited(retryAfter: .seconds(2)), .unauthorised(), .noAnswer]
            let status = ["queued", "processing", "sampling", "completed", "failed"].randomElement(using: &dice)!
            let urls = status == "completed" ? ["https://gen.krea.ai/\(kreaJobs).png"] : []
            let outcome = isUnlucky ? unlucky.randomElement(using: &dice)! : .answered(KreaJob(id: "k", status: status, urls: urls))
            _ = try? fixture.store.recordPoll(outcome, for: call, at: now)
        case .cancel:
            _ = try? fixture.store.recordCancel(isUnlucky ? .rateLimited(retryAfter: nil) : .answered(Accepted()), for: call, at: now)
        default: break
        }
    }
}
