import HTTPTypes
import Jobs
import SQLiteStore
import TestSupport
import Testing
import Web

/// What a 429 does, at a submission and at a poll.
@Suite struct RateLimitTests {
    private let rules = PaceRules()

    @Test func `a 429 at a submission is followed by 30 s of silence, then the same job goes first`() async throws {
        let fixture = try await DispatcherFixture()
        let first = try fixture.accept("first [[429]]")
        try fixture.accept("second")
        try await fixture.run()
        let submissions = fixture.krea.calls.filter(\.isSubmission)
        #expect(submissions.map(\.prompt) == ["first [[429]]", "first [[429]]", "second"])
        #expect(submissions[1].arrived == submissions[0].answered + .seconds(30))
        #expect(try fixture.job(first).state == .completed)
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test func `a 429 at a poll silences everything for 30 s and that job for 60 s`() async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, runSeconds: 100) }
        try fixture.accept("first")
        try fixture.accept("second [[429-poll]]")
        try fixture.accept("third")
        try await fixture.run()
        let calls = fixture.krea.calls
        let limited = try #require(calls.first { $0.status == 429 })
        let next = try #require(calls.first { $0.arrived > limited.arrived })
        #expect(next.arrived == limited.answered + .seconds(30))
        let sameJob = try #require(calls.first { $0.arrived > limited.arrived && $0.path == limited.path })
        #expect(sameJob.arrived - limited.answered >= .seconds(60))
        #expect(calls.brokenRules(rules).isEmpty)
    }

    @Test func `a longer Retry-After of Krea's counts`() async throws {
        let fixture = try await DispatcherFixture()
        try fixture.accept("first [[429-retry-after:45]]")
        try await fixture.run()
        let submissions = fixture.krea.calls.filter(\.isSubmission)
        #expect(submissions[1].arrived == submissions[0].answered + .seconds(45))
    }
}
