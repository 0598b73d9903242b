import Jobs
import TestSupport
import Testing

@testable import Dispatcher

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
