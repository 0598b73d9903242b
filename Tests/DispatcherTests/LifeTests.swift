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

/// What is lost and what is not when answers are lost, Krea is away or the process ends.
@Suite struct InterruptionTests {
    private let rules = PaceRules()

    @Test(arguments: ["cut", "truncated", "garbled", "empty", "502-created", "slow:60000", "drip:30000"])
    func `a submission whose answer is lost is found in Krea's list and goes on`(word: String) async throws {
        let fixture = try await DispatcherFixture()
        let id = try fixture.accept("a lighthouse [[\(word)]]")
        let next = try fixture.accept("the next one")
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(try fixture.job(next).state == .completed)
        #expect(fixture.krea.calls.filter { $0.isSubmission && $0.prompt?.hasPrefix("a lighthouse") == true }.count == 1)
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test(arguments: ["cut-before", "500", "502", "503", "524"])
    func `a submission that never arrived is sent again, at least 60 s later, behind those that waited`(word: String) async throws {
        let fixture = try await DispatcherFixture()
        let id = try fixture.accept("a lighthouse [[\(word)]]")
        for number in 1...5 { try fixture.accept("picture \(number)") }
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        let submissions = fixture.krea.calls.filter(\.isSubmission)
        let attempts = submissions.filter { $0.prompt?.hasPrefix("a lighthouse") == true }
        #expect(attempts.count == 2)
        #expect(attempts[1].arrived - attempts[0].answered >= .seconds(60))
        #expect(submissions.last == attempts[1])
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test func `while no connection can be made jobs wait, and go out when it can`() async throws {
        let fixture = try await DispatcherFixture()
        fixture.krea.setOutage(.unreachable)
        let id = try fixture.accept("a lighthouse")
        try await fixture.run(until: fixture.time.now + .seconds(3600))
        #expect(try fixture.job(id).state == .waiting)
        fixture.krea.setOutage(nil)
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(fixture.krea.calls.filter(\.isSubmission).count == 1)
    }

    @Test(arguments: [
        ("401", JobFailure.Code.unauthorised), ("402", .outOfCompute), ("402-plan", .outOfCompute), ("402-code", .outOfCompute),
        ("403", .forbidden), ("422-nsfw", .contentRefused),
    ])
    func `a submission that Krea refuses fails with the reason and is not repeated`(word: String, code: JobFailure.Code) async throws {
        let fixture = try await DispatcherFixture()
        let id = try fixture.accept("a lighthouse [[\(word)]]")
        try await fixture.run()
        let failure = try #require(try fixture.job(id)[1].failure)
        #expect(failure.code == code)
        #expect(failure.detail?.isEmpty == false)
        #expect(fixture.krea.calls.count == 1)
    }

    @Test(arguments: ["500-poll", "403-poll:2", "cut-poll", "garbled-poll", "empty-poll", "404-poll:3"])
    func `a poll that goes wrong ends nothing: the job is paid`(word: String) async throws {
        let fixture = try await DispatcherFixture()
        let id = try fixture.accept("a lighthouse [[\(word)]]")
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test func `a job that Krea has lost fails after its polls and says so`() async throws {
        let fixture = try await DispatcherFixture()
        let id = try fixture.accept("a lighthouse [[404-poll]]")
        try await fixture.run()
        #expect(try fixture.job(id)[1].failure?.code == .lostAtKrea)
        #expect(fixture.krea.calls.filter(\.isPoll).count == 40)
    }

    @Test func `a restart in the middle of everything continues without a call too many or too early`() async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, runSeconds: 50) }
        let ids = try (1...6).map { try fixture.accept("picture \($0)") }
        for _ in 0..<60 {
            try await fixture.run(until: fixture.time.now + .milliseconds(1700))
            try await fixture.restart()
        }
        try await fixture.run()
        for id in ids { #expect(try fixture.job(id).state == .completed) }
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
        #expect(fixture.krea.calls.filter(\.isSubmission).count == 6)
    }

    @Test func `a process that is killed before its call arrived leaves a job that is sent once, and a pace that holds`() async throws {
        let fixture = try await DispatcherFixture()
        let lost = try fixture.accept("lost")
        let next = try fixture.accept("next")
        let killed = fixture.time.now
        _ = try fixture.store.claimSubmit(by: fixture.dispatcher.epoch, at: killed)
        try await fixture.restart()
        try await fixture.run()
        #expect(try fixture.job(lost).state == .completed)
        #expect(try fixture.job(next).state == .completed)
        let submissions = fixture.krea.calls.filter(\.isSubmission)
        #expect(submissions.compactMap(\.prompt).sorted() == ["lost", "next"])
        #expect(submissions[0].arrived >= killed + .seconds(40))
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test func `a process that is killed after its call arrived leaves a job that is adopted`() async throws {
        let fixture = try await DispatcherFixture()
        let id = try fixture.accept("a lighthouse")
        let (_, job) = try fixture.store.claimSubmit(by: fixture.dispatcher.epoch, at: fixture.time.now).granted()
        _ = try await fixture.krea.exchange(
            .submission(of: job), body: Array(#"{"prompt":"a lighthouse"}"#.utf8), timeout: .seconds(30))
        try await fixture.restart()
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(fixture.krea.calls.filter(\.isSubmission).count == 1)
    }

    @Test func `a process that is killed while it polls costs one poll and no early one`() async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, runSeconds: 50) }
        let id = try fixture.accept("a lighthouse")
        try await fixture.run(until: fixture.time.now + .seconds(3))
        let due = try #require(try fixture.job(id)[1].nextPollAt)
        fixture.time.advance(to: due)
        _ = try fixture.store.claimPoll(by: fixture.dispatcher.epoch, at: due)
        try await fixture.restart()
        try await fixture.run()
        #expect(fixture.krea.calls.filter(\.isPoll).first?.arrived == due + .seconds(36))
        #expect(try fixture.job(id).state == .completed)
    }

    @Test func `a new process on the same file of SQLite goes on where the old one was`() async throws {
        let folder = try TemporaryFolder()
        let fixture = try await DispatcherFixture(store: try SQLiteStore(path: folder.file("jobs.sqlite"), rules: rules))
        let ids = try (1...3).map { try fixture.accept("picture \($0)") }
        try await fixture.run(until: fixture.time.now + .seconds(15))
        try await fixture.restart()
        try await fixture.run()
        for id in ids { #expect(try fixture.job(id).state == .completed) }
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
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
