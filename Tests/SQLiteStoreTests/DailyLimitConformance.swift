import Jobs
import SQLiteStore
import TestSupport
import Testing

/// What every store has to do for the limits of a day.
extension JobStoreConformance {
    private func limited(_ kind: Kind, pictures: Int? = nil, spend: Double? = nil) throws -> any JobStore {
        var limits = QueueLimits()
        limits.daily.pictures = pictures
        limits.daily.spend = spend.map(Money.init(usd:))
        return switch kind {
        case .sqlite: try SQLiteStore(path: folder.file("jobs.sqlite"), rules: PaceRules(), limits: limits)
        }
    }

    private func isKept(_ acceptance: Acceptance) -> Bool { if case .new = acceptance { true } else { false } }

    /// The next job that is in line, as Krea answers.
    private func submit(_ store: any JobStore, by epoch: Int, _ outcome: CallResult<KreaJob>) throws {
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(outcome, for: call, at: time.now)
        time.advance(by: .seconds(40))
    }

    @Test(arguments: Kind.allCases)
    func `a client may ask for so many pictures a day, and one request that is too many counts nothing`(kind: Kind) throws {
        let store = try limited(kind, pictures: 5)
        let (ann, now) = (Client(user: "ann", address: nil), time.now)
        #expect(isKept(try store.accept(.sample(1, members: ["batch_size": 3], client: ann, at: now), key: "key")))
        let left = Allowance(store.limits.daily, asked: 3, spent: .zero, now: now)
        #expect(try store.allowance(of: ann, at: now) == left)
        #expect(left.pictures?.left == 2)
        #expect(left.endsAt.iso8601 == "2026-03-02T00:00:00.000Z")
        #expect(try store.accept(.sample(2, members: ["batch_size": 3], client: ann, at: now), key: nil) == .dailyLimit(left))
        #expect(isKept(try store.accept(.sample(3, members: ["batch_size": 2], client: ann, at: now), key: nil)))
        #expect(try store.allowance(of: ann, at: now).pictures?.left == 0)
        // The same again is no new one.
        guard case .existing = try store.accept(.sample(4, members: ["batch_size": 3], client: ann, at: now), key: "key") else {
            throw NotGranted()
        }
        // Other clients are not concerned, nor are signed pictures, nor is tomorrow.
        #expect(isKept(try store.accept(.sample(5, client: Client(user: "ben", address: nil), at: now), key: nil)))
        for number in UInt64(6)...12 { #expect(isKept(try store.accept(.sample(number, client: .signed, at: now), key: nil))) }
        let midnight = now.nextDay
        guard case .dailyLimit = try store.accept(.sample(20, client: ann, at: midnight - .milliseconds(1)), key: nil) else {
            throw NotGranted()
        }
        #expect(isKept(try store.accept(.sample(21, client: ann, at: midnight), key: nil)))
        #expect(try store.allowance(of: ann, at: midnight).pictures?.left == 4)
    }

    @Test(arguments: Kind.allCases)
    func `a picture that certainly costs nothing is given back, one that Krea had is not`(kind: Kind) throws {
        let store = try limited(kind, pictures: 10)
        let epoch = try store.takeOver(at: time.now)
        let left = { try store.allowance(of: Client(key: "address:192.0.2.1"), at: time.now).pictures?.left }
        try accepted(store, 1...6)
        #expect(try left() == 4)
        _ = try store.cancel(.sample(6), at: time.now)
        #expect(try left() == 5)
        try submit(store, by: epoch, .refused(JobFailure(.contentRefused)))
        #expect(try left() == 6)
        try submit(store, by: epoch, .answered(KreaJob(id: "k2", status: "failed")))
        try submit(store, by: epoch, .noAnswer)
        try submit(store, by: epoch, .notSent)
        #expect(try left() == 6)
    }

    @Test(arguments: Kind.allCases)
    func `what may be spent in a day is not promised twice`(kind: Kind) throws {
        let store = try limited(kind, spend: 0.35)
        try accepted(store, 1...3)
        let midnight = time.now.nextDay
        #expect(try !store.allowance(of: .signed, at: time.now).isMoneySpent)
        #expect(try store.accept(.sample(4, at: time.now), key: nil) == .spendLimit(until: midnight))
        #expect(try store.accept(.sample(5, members: ["batch_size": 4], at: time.now), key: nil) == .spendLimit(until: nil))
        _ = try store.cancel(.sample(2), at: time.now)
        #expect(isKept(try store.accept(.sample(6, at: time.now), key: nil)))
        let epoch = try store.takeOver(at: time.now)
        for number in 1...3 { try submit(store, by: epoch, .answered(KreaJob(id: "k\(number)", status: "queued"))) }
        #expect(try store.accept(.sample(7, at: time.now), key: nil) == .spendLimit(until: midnight))
        #expect(isKept(try store.accept(.sample(8, at: midnight), key: nil)))
    }

    @Test(arguments: Kind.allCases)
    func `a job whose turn comes when the day's money is spent waits for the next day, and so do those behind it`(kind: Kind) throws {
        // Accepted while the price was not known; then Krea says that it is more.
        let store = try limited(kind, spend: 0.45)
        try accepted(store, 1...3)
        let epoch = try store.takeOver(at: time.now)
        let call = try store.claimCatalogue(by: epoch, at: time.now).granted()
        let route = KreaRoute(
            path: "google/nano-banana-2", fields: [.prompt: FieldRule(name: "prompt", isRequired: true)], prices: [.init(usd: 0.2)])
        try store.recordCatalogue(.answered([route]), for: call, at: time.now)
        for number in 1...2 { try submit(store, by: epoch, .answered(KreaJob(id: "k\(number)", status: "queued"))) }
        #expect(try store.job(.sample(1))?.job[1].price == Money(usd: 0.2))

        let midnight = time.now.nextDay
        #expect(try store.claimSubmit(by: epoch, at: time.now) == .notBefore(midnight))
        let held = try #require(try store.job(.sample(3)))
        #expect(held.job.state == .waiting)
        #expect(held.job.startedAt == nil)
        #expect(held.pace.hold(at: time.now) == .spendLimit(until: midnight))
        #expect(Timetable(held, now: time.now, rules: store.rules).startsAt == midnight)
        // The next dispatcher finds the same, also after a release.
        let next = try store.takeOver(at: time.now)
        try store.release(at: time.now)
        #expect(try store.claimSubmit(by: next, at: time.now) == .notBefore(midnight))
        #expect(try store.claimSubmit(by: next, at: midnight - .milliseconds(1)) == .notBefore(midnight))
        #expect(try store.claimSubmit(by: next, at: midnight).granted().1.id == .sample(3))
    }

    @Test(arguments: Kind.allCases)
    func `a job that costs more than a day's money fails and does not hold up the queue`(kind: Kind) throws {
        let store = try limited(kind, spend: 0.1)
        try accepted(store, 1...1)
        let epoch = try store.takeOver(at: time.now)
        let call = try store.claimCatalogue(by: epoch, at: time.now).granted()
        let route = KreaRoute(
            path: "google/nano-banana-2", fields: [.prompt: FieldRule(name: "prompt", isRequired: true)], prices: [.init(usd: 0.2)])
        try store.recordCatalogue(.answered([route]), for: call, at: time.now)
        #expect(try store.claimSubmit(by: epoch, at: time.now) == .nothing)
        let job = try #require(try store.job(.sample(1))?.job)
        #expect(job.failure?.code == .tooExpensive)
        #expect(try !store.allowance(of: .signed, at: time.now).isMoneySpent)
    }
}
