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
