import HTTPTypes
import Jobs
import SQLiteStore
import TestSupport
import Testing
import Web

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
