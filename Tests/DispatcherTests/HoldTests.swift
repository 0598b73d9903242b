import Jobs
import TestSupport
import Testing

@testable import Dispatcher

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
