import Jobs
import TestSupport
import Testing

@testable import Dispatcher

/// Several processes on one store.
@Suite struct SuccessionTests {
    private let rules = PaceRules()

    @Test func `a dispatcher that was superseded gets no claim and records nothing`() async throws {
        let world = try await World()
        let id = try world.accept("a lighthouse")
        let old = world.dispatcher.epoch
        guard case .granted(let call, _) = try world.store.claimSubmit(by: old, at: world.time.now) else { throw Superseded() }
        let successor = try await world.takeOver()
        #expect(successor.epoch > old)
        #expect(throws: Superseded()) { try world.store.claimPoll(by: old, at: world.time.now) }
        #expect(throws: Superseded()) { try world.store.heartbeat(old, at: world.time.now) }
        #expect(throws: Superseded()) {
            try world.store.recordSubmit(.accepted(KreaJob(id: "k", status: "queued")), for: call, at: world.time.now)
        }
        #expect(try world.job(id).state == .submitting)
    }

    @Test func `what a stopped process may still send is not sent by its successor, until that process is gone`() async throws {
        let world = try await World()
        let id = try world.accept("a lighthouse")
        _ = try world.store.claimSubmit(by: world.dispatcher.epoch, at: world.time.now)
        // The process is stopped before its first byte leaves, and another takes over.
        let successor = try await world.takeOver()
        try await successor.run(until: world.time.now + .seconds(600))
        #expect(try world.job(id).state == .unconfirmed)
        #expect(world.krea.calls.filter(\.isSubmission).isEmpty)

        // Now it is killed: nobody can send it any more but the successor.
        world.presence.withdraw(world.dispatcher.epoch)
        try await successor.run()
        #expect(try world.job(id).state == .completed)
        #expect(world.krea.calls.filter(\.isSubmission).count == 1)
        #expect(world.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test func `what a stopped process sends late is adopted by its successor`() async throws {
        let world = try await World()
        let id = try world.accept("a lighthouse")
        guard case .granted(_, let job) = try world.store.claimSubmit(by: world.dispatcher.epoch, at: world.time.now) else {
            throw Superseded()
        }
        world.time.advance(by: .seconds(20))
        let successor = try await world.takeOver()
        _ = try await world.krea.exchange(.submission(of: job), body: Array(#"{"prompt":"a lighthouse"}"#.utf8), timeout: .seconds(30))
        try await successor.run()
        #expect(try world.job(id).state == .completed)
        #expect(world.krea.calls.filter(\.isSubmission).count == 1)
    }

    @Test func `while one dispatches another that looks stands by, and takes over when the first is gone or silent`() async throws {
        let world = try await World()
        let second = Dispatcher.standingBy(world)
        #expect(try second.takeOverIfNeeded() == nil)
        world.presence.withdraw(world.dispatcher.epoch)
        #expect(try second.takeOverIfNeeded() == world.dispatcher.epoch + 1)

        let third = Dispatcher.standingBy(world)
        world.time.advance(by: Dispatcher.silenceUntilTakeOver + .milliseconds(-1))
        #expect(try third.takeOverIfNeeded() == nil)
        world.time.advance(by: .milliseconds(1))
        #expect(try third.takeOverIfNeeded() == world.dispatcher.epoch + 2)
    }
}

/// What people do to their jobs while Krea has them, or before.
@Suite struct CancelTests {
    private let rules = PaceRules()

    @Test func `a job that waits is cancelled at once, is never sent, and its slot goes to the next`() async throws {
        let world = try await World()
        let ids = try (1...3).map { try world.accept("picture \($0)") }
        let before = try #require(try world.store.job(ids[2]))
        _ = try world.store.cancel(ids[1], at: world.time.now)
        #expect(try world.job(ids[1]).state == .cancelled)
        #expect(try world.store.job(ids[2])?.position == before.position - 1)
        try await world.run()
        #expect(world.krea.calls.filter(\.isSubmission).map(\.prompt) == ["picture 1", "picture 3"])
    }

    @Test func `a running job is cancelled at Krea, and ends as Krea says`() async throws {
        let world = try await World()
        let id = try world.accept("a lighthouse")
        try await world.run(until: world.time.now + .seconds(2))
        _ = try world.store.cancel(id, at: world.time.now)
        _ = try world.store.cancel(id, at: world.time.now)
        #expect(try world.job(id).state == .running)
        try await world.run()
        #expect(try world.job(id).state == .cancelled)
        #expect(world.krea.calls.map(\.method) == ["POST", "DELETE", "GET"])
    }

    @Test func `a job that is being submitted is cancelled as soon as Krea's ID is known`() async throws {
        let world = try await World()
        let id = try world.accept("a lighthouse")
        guard case .granted(let call, _) = try world.store.claimSubmit(by: world.dispatcher.epoch, at: world.time.now) else {
            throw Superseded()
        }
        _ = try world.store.cancel(id, at: world.time.now)
        #expect(try world.job(id).state == .submitting)
        try world.store.recordSubmit(.notSent, for: call, at: world.time.now)
        #expect(try world.job(id).state == .cancelled)
        try await world.run()
        #expect(world.krea.calls.isEmpty)
    }

    @Test func `a job whose answer was lost is cancelled once it is found`() async throws {
        let world = try await World()
        let id = try world.accept("a lighthouse [[cut]]")
        _ = try await world.dispatcher.turn()
        _ = try world.store.cancel(id, at: world.time.now)
        try await world.run()
        #expect(try world.job(id).state == .cancelled)
        #expect(world.krea.calls.filter { $0.method == "DELETE" }.count == 1)
    }

    @Test func `a call that cancels and brings nothing is repeated`() async throws {
        let world = try await World { SimulatedTransport(time: $0, runSeconds: 60) }
        let id = try world.accept("a lighthouse [[500-cancel:2]]")
        try await world.run(until: world.time.now + .seconds(2))
        _ = try world.store.cancel(id, at: world.time.now)
        try await world.run()
        #expect(try world.job(id).state == .cancelled)
        #expect(world.krea.calls.filter { $0.method == "DELETE" }.count == 3)
        #expect(world.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test func `a finished job cannot be cancelled`() async throws {
        let world = try await World()
        let id = try world.accept("a lighthouse")
        try await world.run()
        #expect(throws: AlreadyFinished()) { try world.store.cancel(id, at: world.time.now) }
    }

    @Test func `a job that timed out gets another 40 polls when somebody looks again`() async throws {
        let world = try await World { SimulatedTransport(time: $0, runSeconds: 400) }
        let id = try world.accept("a slow one")
        try await world.run()
        #expect(try world.job(id).state == .timedOut)
        _ = try world.store.lookAgain(id, at: world.time.now)
        try await world.run()
        #expect(try world.job(id).state == .completed)
        #expect(world.krea.calls.filter(\.isSubmission).count == 1)
        #expect(throws: IllegalTransition.self) { try world.store.lookAgain(id, at: world.time.now) }
    }
}

/// What holds the queue, and what the clock may do.
@Suite struct HoldTests {
    private let rules = PaceRules()

    @Test func `a 402 fails its job and holds the others for 5 minutes`() async throws {
        let world = try await World()
        let first = try world.accept("first [[402:1]]")
        let second = try world.accept("second")
        try await world.run()
        #expect(try world.job(first)[1].failure?.code == .outOfCompute)
        #expect(try world.job(second).state == .completed)
        let submissions = world.krea.calls.filter(\.isSubmission)
        #expect(submissions[1].arrived == submissions[0].answered + .seconds(300))
    }

    @Test func `a 401 holds everything until the service is started again, or told to go on`() async throws {
        let world = try await World()
        let first = try world.accept("first [[401:1]]")
        let second = try world.accept("second")
        try await world.run()
        #expect(try world.job(first)[1].failure?.code == .unauthorised)
        #expect(try world.job(second).state == .waiting)
        #expect(world.krea.calls.count == 1)
        try world.store.release(at: world.time.now)
        try await world.run()
        #expect(try world.job(second).state == .completed)
    }

    @Test func `a 401 at a poll loses no job: it is asked for again after the restart`() async throws {
        let world = try await World()
        let id = try world.accept("a lighthouse [[401-poll:1]]")
        try await world.run()
        #expect(try world.job(id).state == .running)
        try await world.restart()
        try await world.run()
        #expect(try world.job(id).state == .completed)
    }

    @Test(arguments: [3600, -3600])
    func `a wall clock that is put an hour forward or back neither floods Krea nor stops the queue`(seconds: Int) async throws {
        let world = try await World { SimulatedTransport(time: $0, runSeconds: 20) }
        let ids = try (1...4).map { try world.accept("picture \($0)") }
        try await world.run(until: world.time.now + .seconds(15))
        let uptime = world.time.uptime
        world.time.step(by: .seconds(seconds))
        try await world.run()
        for id in ids { #expect(try world.job(id).state == .completed) }
        #expect(world.krea.calls.brokenRules(rules).isEmpty)
        #expect(world.time.uptime - uptime < .seconds(90))
    }

    @Test(arguments: [3600, -3600])
    func `a lost answer is found though the clock was put forward or back`(seconds: Int) async throws {
        let world = try await World()
        let id = try world.accept("a lighthouse [[cut]]")
        _ = try await world.dispatcher.turn()
        world.time.step(by: .seconds(seconds))
        try await world.run()
        #expect(try world.job(id).state == .completed)
        #expect(world.krea.calls.filter(\.isSubmission).count == 1)
    }
}
