import HTTPTypes
import Jobs
import SQLiteStore
import TestSupport
import Testing
import Web

/// Whole lives of jobs, in virtual time.
@Suite struct LifeTests {
    private let rules = PaceRules()

    @Test func `a job is submitted at once, polled every 6 s, and ends with its picture`() async throws {
        let fixture = try await DispatcherFixture()
        let start = fixture.time.now
        let id = try fixture.accept("a lighthouse")
        try await fixture.run()

        #expect(try fixture.job(id).state == .completed)
        #expect(try fixture.job(id)[1].urls.count == 1)
        let calls = fixture.krea.calls
        #expect(calls.map(\.method) == ["POST", "GET", "GET"])
        #expect(calls[0].arrived == start)
        #expect(calls[1].arrived == calls[0].answered + .seconds(6))
        #expect(calls[2].arrived == calls[1].answered + .seconds(6))
    }

    @Test func `a job that never ends is asked for 40 times and no more`() async throws {
        let fixture = try await DispatcherFixture()
        let id = try fixture.accept("[[stuck]]")
        try await fixture.run()
        #expect(try fixture.job(id).state == .timedOut)
        #expect(
            try fixture.job(id)[1].failure?.message
                == "Job timed out — complex prompts take longer, try simpler or check quota.")
        #expect(fixture.krea.calls.filter(\.isPoll).count == 40)
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test func `ten jobs at once go out 10 s apart, each is polled at its own pace, and all end`() async throws {
        let fixture = try await DispatcherFixture()
        let ids = try (1...10).map { try fixture.accept("picture \($0)") }
        try await fixture.run()
        for id in ids { #expect(try fixture.job(id).state == .completed) }
        let submissions = fixture.krea.calls.filter(\.isSubmission)
        #expect(submissions.map(\.prompt) == (1...10).map { "picture \($0)" })
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
        // Full use of what is allowed, but for the moments in which a poll is being made.
        for (earlier, later) in zip(submissions, submissions.dropFirst()) {
            #expect(later.arrived - earlier.answered < .seconds(11))
        }
    }

    @Test func `an hour with a busy and moody Krea breaks no rule and loses no job`() async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, runSeconds: 40, backlog: 1, concurrency: 2) }
        let moods = [
            "", "[[429]]", "[[429-poll]]", "[[500-poll:3]]", "[[failed]]", "[[429-retry-after:90]]", "[[cut-poll]]", "[[no-urls]]",
        ]
        let ids = try (0..<80).map { try fixture.accept("picture \($0) \(moods[$0 % moods.count])") }
        try await fixture.run()
        for id in ids { #expect(try fixture.job(id).state.isFinished) }
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
        #expect(fixture.krea.calls.contains { $0.status == 429 })
        let created = fixture.krea.calls.filter { $0.isSubmission && $0.status == 200 }.compactMap(\.prompt)
        #expect(created.count == 80)
        #expect(Set(created).count == 80)
    }
}

extension HTTPRequest {
    /// The request that creates a job, as the client makes it.
    static func submission(of job: Job) -> HTTPRequest {
        HTTPRequest(
            method: .post, scheme: "https", authority: "api.krea.ai", path: "/generate/image/\(job.request.model.routes[0].path)",
            headerFields: [.authorization: "Bearer simulator", .contentType: "application/json"])
    }
}
