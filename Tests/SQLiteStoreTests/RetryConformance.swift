import Jobs
import SQLiteStore
import TestSupport
import Testing

/// What every store has to do with submissions that never arrived at Krea, and with times that lie too far ahead.
extension JobStoreConformance {
    /// Jobs whose first was sent, lost, and proved absent 40 s after the start.
    private func lost(_ kind: Kind, of count: UInt64) throws -> (any JobStore, Int) {
        let store = try kind.make(folder)
        try accepted(store, 1...count)
        let epoch = try store.takeOver(at: time.now)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.noAnswer, for: call, at: time.now)
        time.advance(by: .seconds(40))
        #expect(try proveAbsent(store, epoch).map(\.id) == [.sample(1)])
        return (store, epoch)
    }

    private func proveAbsent(_ store: any JobStore, _ epoch: Int) throws -> [Job] {
        let (call, _) = try store.claimList(by: epoch, at: time.now).granted()
        let list = AccountList(AccountPage(jobs: [], end: .last, kreaTime: time.now), askedAt: time.now)
        return try store.recordList(.answered(list), for: call, at: time.now) { _ in false }.settled
    }

    private func take(_ store: any JobStore, _ epoch: Int, _ number: UInt64) throws {
        let (call, job) = try store.claimSubmit(by: epoch, at: time.now).granted()
        #expect(job.id == .sample(number))
        try store.recordSubmit(.answered(KreaJob(id: "k\(number)", status: "queued")), for: call, at: time.now)
    }

    private func times(_ store: any JobStore, _ number: UInt64) throws -> (position: Int, startsAfter: Duration?) {
        let table = Timetable(try #require(try store.job(.sample(number))), now: time.now, rules: store.rules)
        return (table.position, table.startsAt.map { $0 - time.now })
    }

    @Test(arguments: Kind.allCases)
    func `what never arrived waits behind the others, who pass it until its time has come, and all are told when they start`(
        kind: Kind
    ) throws {
        let (store, epoch) = try lost(kind, of: 3)
        try accepted(store, 4...4)
        let job = try #require(try store.job(.sample(1))).job
        #expect(job.state == .waiting && job.failedAttempts == 1 && job[1].strikes == 1 && job[1].notBefore == time.now + .seconds(30))
        #expect(try times(store, 2) == (0, .zero))
        #expect(try times(store, 3) == (1, .seconds(10)))
        // The time of the first comes when three have passed, or could have.
        #expect(try times(store, 4) == (2, .seconds(20)))
        #expect(try times(store, 1) == (3, .seconds(30)))
        for number in UInt64(2)...4 {
            try take(store, epoch, number)
            #expect(try times(store, 1).startsAfter == .seconds(Int(4 - number) * 10 + 10))
            time.advance(by: .seconds(10))
        }
        #expect(try times(store, 1) == (0, .zero))
        try take(store, epoch, 1)
        #expect(try store.job(.sample(1))?.job.failedAttempts == 1)
    }

    @Test(arguments: Kind.allCases)
    func `what came after it was lost goes behind it once its time has come`(kind: Kind) throws {
        let (store, epoch) = try lost(kind, of: 1)
        #expect(try store.claimSubmit(by: epoch, at: time.now) == .notBefore(time.now + .seconds(30)))
        time.advance(by: .seconds(30))
        try accepted(store, 2...3)
        #expect(try times(store, 1) == (0, .zero) && times(store, 2) == (1, .seconds(10)) && times(store, 3) == (2, .seconds(20)))
        try take(store, epoch, 1)
        time.advance(by: .seconds(10))
        try take(store, epoch, 2)
    }

    @Test(arguments: Kind.allCases)
    func `a 429 at the next attempt leaves what never arrived where it is, and counts nothing`(kind: Kind) throws {
        let (store, epoch) = try lost(kind, of: 1)
        let before = try #require(try store.job(.sample(1))).job
        time.advance(by: .seconds(30))
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.rateLimited(retryAfter: nil), for: call, at: time.now)
        var after = try #require(try store.job(.sample(1))).job
        #expect(after.submissions[0].epoch == epoch)
        #expect(after.failedAttempts == 1)
        after.submissions[0].epoch = before.submissions[0].epoch
        after.submissions[0].route = before.submissions[0].route
        #expect(
            after.submissions[0].place == before.submissions[0].place && after.submissions[0].notBefore == before.submissions[0].notBefore)
    }

    @Test(arguments: Kind.allCases)
    func `another dispatcher finds place, time and count as they were`(kind: Kind) throws {
        let (store, _) = try lost(kind, of: 2)
        let before = try store.job(.sample(1))?.job
        let epoch = try store.takeOver(at: time.now)
        #expect(try store.job(.sample(1))?.job == before)
        try take(store, epoch, 2)
        time.advance(by: .seconds(10))
        #expect(try store.claimSubmit(by: epoch, at: time.now) == .notBefore(time.now + .seconds(20)))
    }

    @Test(arguments: Kind.allCases)
    func `the third attempt that came to nothing ends a job while Krea takes others, and its money is free again`(kind: Kind) throws {
        let (store, epoch) = try lost(kind, of: 2)
        try take(store, epoch, 2)
        for _ in 2...3 {
            time.advance(by: .seconds(2000))
            let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
            try store.recordSubmit(.noAnswer, for: call, at: time.now)
            time.advance(by: .seconds(40))
            _ = try proveAbsent(store, epoch)
        }
        let job = try #require(try store.job(.sample(1))).job
        #expect(job.state == .failed)
        #expect(job.failure?.code == .notTaken)
        #expect(job.failedAttempts == 3)
        #expect(job[1].isFree)
    }

    private func accept(_ store: any JobStore, _ numbers: ClosedRange<UInt64>, of client: String) throws {
        for number in numbers { _ = try store.accept(.sample(number, client: Client(key: client), at: time.now), key: nil) }
    }

    /// Sends the next submission when every pause is over, and returns whose it was.
    private func sendNext(_ store: any JobStore, _ epoch: Int, _ outcome: CallResult<KreaJob>) throws -> JobID {
        time.advance(by: .seconds(1000))
        let (call, job) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(outcome, for: call, at: time.now)
        return job.id
    }

    @Test(arguments: Kind.allCases)
    func `while answers are lost in a row the next submission is of a client that lost none of them, where one waits`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accept(store, 1...4, of: "user:one")
        try accept(store, 5...6, of: "user:two")
        try accept(store, 7...7, of: "user:three")
        let epoch = try store.takeOver(at: time.now)
        let sent = try [CallResult<KreaJob>.noAnswer, .noAnswer, .noAnswer, .noAnswer].map { try sendNext(store, epoch, $0) }
        // When all have lost one, the order is the queue's.
        #expect(sent == [1, 5, 7, 2].map(JobID.sample))
        #expect(try sendNext(store, epoch, .answered(KreaJob(id: "k", status: "queued"))) == .sample(3))
        // Krea has answered: the row has ended, and another begins with the next loss.
        #expect(try sendNext(store, epoch, .noAnswer) == .sample(4))
        #expect(try sendNext(store, epoch, .noAnswer) == .sample(6))
    }

    @Test(arguments: Kind.allCases)
    func `of clients that lost answers before the row one goes first whose time has come, and none is waited for`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accept(store, 1...1, of: "user:two")
        try accept(store, 2...4, of: "user:one")
        let epoch = try store.takeOver(at: time.now)
        #expect(try sendNext(store, epoch, .noAnswer) == .sample(1))
        time.advance(by: .seconds(40))
        _ = try proveAbsent(store, epoch)
        // It has not come yet, so the queue's order holds.
        let (call, job) = try store.claimSubmit(by: epoch, at: time.now).granted()
        #expect(job.id == .sample(2))
        try store.recordSubmit(.refused(JobFailure(.refused)), for: call, at: time.now)
        #expect(try sendNext(store, epoch, .noAnswer) == .sample(3))
        #expect(try sendNext(store, epoch, .noAnswer) == .sample(1))
    }

    @Test(arguments: Kind.allCases)
    func `the clock takes what waits for another attempt along`(kind: Kind) throws {
        let (store, epoch) = try lost(kind, of: 1)
        try store.follow(time.origin)
        time.step(by: .seconds(-3600))
        try store.follow(time.origin)
        #expect(try store.claimSubmit(by: epoch, at: time.now) == .notBefore(time.now + .seconds(30)))
        #expect(try store.latestLeaderTerm().heartbeatAt == time.now - .seconds(40))
    }

    @Test(arguments: Kind.allCases, [false, true])
    func `times of a clock that was a year ahead are brought back when a dispatcher begins, or by the operator`(
        kind: Kind, byOperator: Bool
    ) throws {
        let year = Duration.seconds(86_400 * 365)
        time.advance(by: year)
        let (store, first) = try running(kind, 2)
        let (list, _) = try store.claimPoll(by: first, at: time.now + .seconds(6)).granted()
        try store.recordPoll(.rateLimited(retryAfter: .seconds(1800)), for: list, at: time.now)
        // The machine was started again, with the right time.
        time.step(by: .zero - year)
        try store.follow(ClockOrigin(boot: "another", wallAtZero: time.now))
        #expect(try store.claimSubmit(by: first, at: time.now) == .notBefore(time.now + year + .seconds(1800)))
        if byOperator {
            let ended = try store.release(at: time.now)
            guard case .timesAhead(let count)? = ended.last else { throw NotGranted() }
            #expect(count >= 5)
        }
        let epoch = byOperator ? first : try store.takeOver(at: time.now)
        let (submit, poll) = (try store.claimSubmit(by: epoch, at: time.now), try store.claimPoll(by: epoch, at: time.now))
        // Krea can have asked for an hour at most; the operator ends the part that is not ours.
        #expect(
            submit == .notBefore(time.now + (byOperator ? .seconds(310) : .seconds(3600))) || submit == .notBefore(time.now + .seconds(300))
        )
        #expect(poll == .notBefore(time.now + (byOperator ? .seconds(60) : .seconds(3600))))
        #expect(try store.release(at: time.now).allSatisfy { if case .timesAhead = $0 { false } else { true } })
    }
}
