import Jobs
import TestSupport
import Testing

@testable import Dispatcher

/// Several processes on one store.
@Suite struct SuccessionTests {
    private let rules = PaceRules()

    @Test func `a dispatcher that was leadershipLost gets no claim and records nothing`() async throws {
        let fixture = try await DispatcherFixture()
        let id = try fixture.accept("a lighthouse")
        let old = fixture.dispatcher.epoch
        let (call, _) = try fixture.store.claimSubmit(by: old, at: fixture.time.now).granted()
        let successor = try await fixture.takeOver()
        #expect(successor.epoch > old)
        #expect(throws: LeadershipLost()) { try fixture.store.claimPoll(by: old, at: fixture.time.now) }
        #expect(throws: LeadershipLost()) { try fixture.store.heartbeat(old, at: fixture.time.now) }
        #expect(throws: LeadershipLost()) {
            try fixture.store.recordSubmit(.answered(KreaJob(id: "k", status: "queued")), for: call, at: fixture.time.now)
        }
        #expect(try fixture.job(id).state == .submitting)
    }

    @Test func `what a stopped process may still send is not sent by its successor, until that process is gone`() async throws {
        let fixture = try await DispatcherFixture()
        let id = try fixture.accept("a lighthouse")
        _ = try fixture.store.claimSubmit(by: fixture.dispatcher.epoch, at: fixture.time.now)
        // The process is stopped before its first byte leaves, and another takes over.
        let successor = try await fixture.takeOver()
        try await successor.run(until: fixture.time.now + .seconds(600))
        #expect(try fixture.job(id).state == .unconfirmed)
        #expect(fixture.krea.calls.filter(\.isSubmission).isEmpty)

        // Now it is killed: nobody can send it any more but the successor.
        fixture.liveness.withdraw(fixture.dispatcher.epoch)
        try await successor.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(fixture.krea.calls.filter(\.isSubmission).count == 1)
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test func `what a stopped process sends late is adopted by its successor`() async throws {
        let fixture = try await DispatcherFixture()
        let id = try fixture.accept("a lighthouse")
        let (_, job) = try fixture.store.claimSubmit(by: fixture.dispatcher.epoch, at: fixture.time.now).granted()
        fixture.time.advance(by: .seconds(20))
        let successor = try await fixture.takeOver()
        _ = try await fixture.krea.exchange(.submission(of: job), body: Array(#"{"prompt":"a lighthouse"}"#.utf8), timeout: .seconds(30))
        try await successor.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(fixture.krea.calls.filter(\.isSubmission).count == 1)
    }

    @Test func `while one dispatches another that looks stands by, and takes over when the first is gone or silent`() async throws {
        let fixture = try await DispatcherFixture()
        let second = Dispatcher.standingBy(fixture)
        #expect(try second.takeOverIfNeeded() == nil)
        fixture.liveness.withdraw(fixture.dispatcher.epoch)
        #expect(try second.takeOverIfNeeded() == fixture.dispatcher.epoch + 1)

        let third = Dispatcher.standingBy(fixture)
        fixture.time.advance(by: Dispatcher.silenceUntilTakeOver + .milliseconds(-1))
        #expect(try third.takeOverIfNeeded() == nil)
        fixture.time.advance(by: .milliseconds(1))
        #expect(try third.takeOverIfNeeded() == fixture.dispatcher.epoch + 2)
    }
}

/// What people do to their jobs while Krea has them, or before.
@Suite struct CancelTests {
    private let rules = PaceRules()

    @Test func `a job that waits is cancelled at once, is never sent, and its slot goes to the next`() async throws {
        let fixture = try await DispatcherFixture()
        let ids = try (1...3).map { try fixture.accept("picture \($0)") }
        let before = try #require(try fixture.store.job(ids[2]))
        _ = try fixture.store.cancel(ids[1], at: fixture.time.now)
        #expect(try fixture.job(ids[1]).state == .cancelled)
        #expect(try fixture.store.job(ids[2])?.position == before.position - 1)
        try await fixture.run()
        #expect(fixture.krea.calls.filter(\.isSubmission).map(\.prompt) == ["picture 1", "picture 3"])
    }

    @Test func `a running job is cancelled at Krea, and ends as Krea says`() async throws {
        let fixture = try await DispatcherFixture()
        let id = try fixture.accept("a lighthouse")
        try await fixture.run(until: fixture.time.now + .seconds(2))
        _ = try fixture.store.cancel(id, at: fixture.time.now)
        _ = try fixture.store.cancel(id, at: fixture.time.now)
        #expect(try fixture.job(id).state == .running)
        try await fixture.run()
        #expect(try fixture.job(id).state == .cancelled)
        #expect(fixture.krea.calls.map(\.method) == ["POST", "DELETE", "GET"])
    }

    @Test func `a job that is being submitted is cancelled as soon as Krea's ID is known`() async throws {
        let fixture = try await DispatcherFixture()
        let id = try fixture.accept("a lighthouse")
        let (call, _) = try fixture.store.claimSubmit(by: fixture.dispatcher.epoch, at: fixture.time.now).granted()
        _ = try fixture.store.cancel(id, at: fixture.time.now)
        #expect(try fixture.job(id).state == .submitting)
        try fixture.store.recordSubmit(.notSent, for: call, at: fixture.time.now)
        #expect(try fixture.job(id).state == .cancelled)
        try await fixture.run()
        #expect(fixture.krea.calls.isEmpty)
    }

    @Test func `a job whose answer was lost is cancelled once it is found`() async throws {
        let fixture = try await DispatcherFixture()
        let id = try fixture.accept("a lighthouse [[cut]]")
        _ = try await fixture.dispatcher.turn()
        _ = try fixture.store.cancel(id, at: fixture.time.now)
        try await fixture.run()
        #expect(try fixture.job(id).state == .cancelled)
        #expect(fixture.krea.calls.filter { $0.method == "DELETE" }.count == 1)
    }

    @Test func `a call that cancels and brings nothing is repeated`() async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, runSeconds: 60) }
        let id = try fixture.accept("a lighthouse [[500-cancel:2]]")
        try await fixture.run(until: fixture.time.now + .seconds(2))
        _ = try fixture.store.cancel(id, at: fixture.time.now)
        try await fixture.run()
        #expect(try fixture.job(id).state == .cancelled)
        #expect(fixture.krea.calls.filter { $0.method == "DELETE" }.count == 3)
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test func `a finished job cannot be cancelled`() async throws {
        let fixture = try await DispatcherFixture()
        let id = try fixture.accept("a lighthouse")
        try await fixture.run()
        #expect(throws: AlreadyFinished()) { try fixture.store.cancel(id, at: fixture.time.now) }
    }

    @Test func `a job that timed out gets another 40 polls when somebody looks again`() async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, runSeconds: 400) }
        let id = try fixture.accept("a slow one")
        try await fixture.run()
        #expect(try fixture.job(id).state == .timedOut)
        _ = try fixture.store.resume(id, at: fixture.time.now)
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(fixture.krea.calls.filter(\.isSubmission).count == 1)
        #expect(throws: IllegalTransition.self) { try fixture.store.resume(id, at: fixture.time.now) }
    }
}

/// What holds the queue, and what the clock may do.
@Suite struct HoldTests {
    private let rules = PaceRules()

    @Test func `a 402 fails its job and holds the others for 5 minutes`() async throws {
        let fixture = try await DispatcherFixture()
        let first = try fixture.accept("first [[402:1]]")
        let second = try fixture.accept("second")
        try await fixture.run()
        #expect(try fixture.job(first)[1].failure?.code == .outOfCompute)
        #expect(try fixture.job(second).state == .completed)
        let submissions = fixture.krea.calls.filter(\.isSubmission)
        #expect(submissions[1].arrived == submissions[0].answered + .seconds(300))
    }

    @Test func `a 401 holds everything until the service is started again, or told to go on`() async throws {
        let fixture = try await DispatcherFixture()
        let first = try fixture.accept("first [[401:1]]")
        let second = try fixture.accept("second")
        try await fixture.run()
        #expect(try fixture.job(first)[1].failure?.code == .unauthorised)
        #expect(try fixture.job(second).state == .waiting)
        #expect(fixture.krea.calls.count == 1)
        try fixture.store.release(at: fixture.time.now)
        try await fixture.run()
        #expect(try fixture.job(second).state == .completed)
    }

    @Test func `a 401 at a poll loses no job: it is asked for again after the restart`() async throws {
        let fixture = try await DispatcherFixture()
        let id = try fixture.accept("a lighthouse [[401-poll:1]]")
        try await fixture.run()
        #expect(try fixture.job(id).state == .running)
        try await fixture.restart()
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
    }

    @Test(arguments: [3600, -3600])
    func `a wall clock that is put an hour forward or back neither floods Krea nor stops the queue`(seconds: Int) async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, runSeconds: 20) }
        let ids = try (1...4).map { try fixture.accept("picture \($0)") }
        try await fixture.run(until: fixture.time.now + .seconds(15))
        let uptime = fixture.time.uptime
        fixture.time.step(by: .seconds(seconds))
        try await fixture.run()
        for id in ids { #expect(try fixture.job(id).state == .completed) }
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
        #expect(fixture.time.uptime - uptime < .seconds(90))
    }

    @Test(arguments: [3600, -3600])
    func `a lost answer is found though the clock was put forward or back`(seconds: Int) async throws {
        let fixture = try await DispatcherFixture()
        let id = try fixture.accept("a lighthouse [[cut]]")
        _ = try await fixture.dispatcher.turn()
        fixture.time.step(by: .seconds(seconds))
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(fixture.krea.calls.filter(\.isSubmission).count == 1)
    }
}
