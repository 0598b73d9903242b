import Jobs
import SQLiteStore
import TestSupport
import Testing

/// Krea fails whenever some jobs are sent to it, or whenever any is: who pays for that, and who waits.
@Suite struct FailingSubmissionTests {
    private let rules = PaceRules()
    private let folder: TemporaryFolder
    private static let bad = "a lighthouse [[500:1000]]"

    init() throws {
        folder = try TemporaryFolder()
    }

    private func world() async throws -> DispatcherFixture {
        var limits = QueueLimits()
        limits.total = 1000
        return try await DispatcherFixture(store: try SQLiteStore(path: folder.file("jobs.sqlite"), rules: rules, limits: limits))
    }

    private func isClean(_ fixture: DispatcherFixture) throws -> Bool {
        var audit = Audit(rules)
        for call in try fixture.store.calls(after: 0, limit: 100_000) { audit.read(call) }
        return audit.broken.isEmpty && fixture.krea.calls.brokenRules(rules).isEmpty
    }

    private func attempts(_ fixture: DispatcherFixture, _ prompt: String) -> [KreaCall] {
        fixture.krea.calls.filter { $0.isSubmission && $0.prompt?.hasPrefix(prompt) == true }
    }

    @Test(arguments: 0..<10)
    func `one job that always fails among ten ends after 3 attempts, and all others get through`(position: Int) async throws {
        let fixture = try await world()
        var good: [JobID] = []
        var bad: JobID?
        for index in 0..<10 {
            if index == position { bad = try fixture.accept(Self.bad) }
            good.append(try fixture.accept("picture \(index)"))
        }
        let start = fixture.time.now
        try await fixture.run(until: start + .seconds(300))
        for id in good { #expect(try fixture.job(id).state == .completed) }
        try await fixture.run()
        let job = try fixture.job(try #require(bad))
        #expect(job.state == .failed)
        #expect(job.failure?.code == .notTaken)
        #expect(job.failedAttempts == 3)
        let attempts = attempts(fixture, "a lighthouse")
        #expect(attempts.count == 3)
        #expect(attempts[1].arrived - attempts[0].answered >= .seconds(60))
        #expect(attempts[2].arrived - attempts[1].answered >= .seconds(150))
        #expect(try isClean(fixture))
    }

    @Test func `four jobs that always fail do not keep ten others from getting through, at the real pace`() async throws {
        let fixture = try await world()
        let bad = try (1...4).map { try fixture.accept("\(Self.bad) \($0)") }
        let good = try (1...10).map { try fixture.accept("picture \($0)") }
        let start = fixture.time.now
        // Four losses in a row look like an outage, and make the next attempts rarer; one that Krea takes ends that.
        try await fixture.run(until: start + .seconds(400))
        for id in good { #expect(try fixture.job(id).state == .completed) }
        try await fixture.run()
        for id in bad { #expect(try fixture.job(id).failure?.code == .notTaken) }
        #expect(attempts(fixture, "a lighthouse").count == 12)
        #expect(try isClean(fixture))
    }

    @Test func `twenty jobs of one client that always fail do not keep others waiting, at the real pace`() async throws {
        let fixture = try await world()
        let one = Client(key: "user:one")
        let bad = try (1...20).map { try fixture.accept("\(Self.bad) \($0)", client: one) }
        let good = try (1...10).map { try fixture.accept("picture \($0)") }
        let start = fixture.time.now
        // Each loss is followed by a good one, 20 seconds later at most.
        try await fixture.run(until: start + .seconds(420))
        for id in good { #expect(try fixture.job(id).state == .completed) }
        #expect(attempts(fixture, "a lighthouse").count <= 20)
        try await fixture.run(until: fixture.time.now + .seconds(86_400))
        for id in bad { #expect([.failed, .waiting].contains(try fixture.job(id).state)) }
        // Who comes later does not wait for their pauses twice.
        let late = try fixture.accept("late")
        try await fixture.run(until: fixture.time.now + .seconds(960))
        #expect(try fixture.job(late).state == .completed)
        #expect(try isClean(fixture))
    }

    @Test func `while Krea fails for all for an hour nothing fails and little is tried, and then everything gets through`() async throws {
        let fixture = try await world()
        let ids = try (1...6).map { try fixture.accept("picture \($0)") }
        let start = fixture.time.now
        fixture.krea.failSubmissions(true)
        try await fixture.run(until: start + .seconds(3600))
        let probes = fixture.krea.calls.filter(\.isSubmission)
        #expect((5...12).contains(probes.count))
        let gaps = zip(probes, probes.dropFirst()).map { $1.arrived - $0.answered }
        #expect(gaps.last.map { $0 >= .seconds(640) } ?? false)
        for (earlier, later) in zip(gaps, gaps.dropFirst()) { #expect(later >= earlier || later >= .seconds(900)) }
        for id in ids { #expect(try fixture.job(id).state == .waiting) }
        let queued = try #require(try fixture.store.job(ids[0]))
        guard case .submissionsLost(let until) = queued.pace.hold(at: fixture.time.now) else {
            Issue.record("nobody is told")
            return
        }
        #expect(until - fixture.time.now <= .seconds(900))
        #expect(try ids.map { try fixture.job($0).failedAttempts }.reduce(0, +) == probes.count)

        fixture.krea.failSubmissions(false)
        try await fixture.run(until: fixture.time.now + .seconds(900 + 180))
        for id in ids { #expect(try fixture.job(id).state == .completed) }
        #expect(fixture.krea.calls.filter { $0.isSubmission && $0.status == 200 }.count == 6)
        #expect(try isClean(fixture))
    }

    @Test func `the operator who knows that Krea is back lets the next attempt be made at once`() async throws {
        let fixture = try await world()
        let id = try fixture.accept("a picture")
        fixture.krea.failSubmissions(true)
        try await fixture.run(until: fixture.time.now + .seconds(3600))
        fixture.krea.failSubmissions(false)
        let ended = try fixture.store.release(at: fixture.time.now)
        guard case .submissionsLost? = ended.first else {
            Issue.record("\(ended)")
            return
        }
        try await fixture.run(until: fixture.time.now + .seconds(60))
        #expect(try fixture.job(id).state == .completed)
    }

    @Test func `a job that fails alone is tried ever more rarely, and ends when others have got through`() async throws {
        let fixture = try await world()
        let bad = try fixture.accept(Self.bad)
        let start = fixture.time.now
        try await fixture.run(until: start + .seconds(86_400))
        #expect(try fixture.job(bad).state == .waiting)
        #expect(attempts(fixture, "a lighthouse").count <= 105)
        let before = attempts(fixture, "a lighthouse").count
        let good = try fixture.accept("a picture")
        try await fixture.run()
        #expect(try fixture.job(good).state == .completed)
        #expect(try fixture.job(bad).failure?.code == .notTaken)
        #expect(attempts(fixture, "a lighthouse").count <= before + 3)
        #expect(try isClean(fixture))
    }

    @Test func `of a job of several parts each is tried for itself, and what Krea took of it is kept`() async throws {
        let fixture = try await world()
        let one = try Job.sample(9000, prompt: "a lighthouse [[500:5]]", at: fixture.time.now)
        let four = Array(repeating: Submission(), count: 4)
        let batch = one.id
        _ = try fixture.store.accept(
            Job(id: batch, request: one.request, client: one.client, createdAt: fixture.time.now, submissions: four), key: nil)
        let good = try (1...10).map { try fixture.accept("picture \($0)") }
        try await fixture.run()
        for id in good { #expect(try fixture.job(id).state == .completed) }
        let job = try fixture.job(batch)
        // After one that it has taken, this Krea fails at the prompt five times more.
        #expect(job.submissions.map(\.failedAttempts) == [3, 1, 3, 3])
        #expect(job.submissions.map(\.failure?.code) == [.notTaken, nil, .notTaken, .notTaken])
        #expect(job.state == .completed)
        #expect(job.urls.count == 1)
        #expect(job.submissions.allSatisfy { $0.failedAttempts <= Submission.mostStrikes })
        #expect(try isClean(fixture))
    }

    @Test func `a restart keeps the distance, the place and the count`() async throws {
        let fixture = try await world()
        let bad = try fixture.accept(Self.bad)
        let good = try (1...4).map { try fixture.accept("picture \($0)") }
        for _ in 0..<60 {
            try await fixture.run(until: fixture.time.now + .milliseconds(9700))
            try await fixture.restart()
        }
        try await fixture.run()
        for id in good { #expect(try fixture.job(id).state == .completed) }
        #expect(try fixture.job(bad).failure?.code == .notTaken)
        #expect(attempts(fixture, "a lighthouse").count == 3)
        #expect(try isClean(fixture))
    }

    @Test(arguments: [-7200, 7200])
    func `a clock that is put forward or back while a job waits for another attempt changes no distance`(seconds: Int) async throws {
        let fixture = try await world()
        let bad = try fixture.accept("a lighthouse [[500]]")
        try fixture.accept("a picture")
        try await fixture.run(until: fixture.time.now + .seconds(50))
        let waiting = try fixture.job(bad)[1]
        let rest = try #require(waiting.notBefore) - fixture.time.now
        fixture.time.step(by: .seconds(seconds))
        try await fixture.run(until: fixture.time.now + .milliseconds(1))
        #expect(try fixture.job(bad)[1].notBefore == fixture.time.now + rest - .milliseconds(1))
        try await fixture.run()
        #expect(try fixture.job(bad).state == .completed)
        #expect(try isClean(fixture))
    }

    @Test func `a job that waits for another attempt can be cancelled at once, and is not sent again`() async throws {
        let fixture = try await world()
        let bad = try fixture.accept(Self.bad)
        try fixture.accept("a picture")
        try await fixture.run(until: fixture.time.now + .seconds(50))
        #expect(try fixture.job(bad).state == .waiting)
        #expect(try fixture.store.cancel(bad, at: fixture.time.now).job.state == .cancelled)
        try await fixture.run()
        #expect(attempts(fixture, "a lighthouse").count == 1)
    }
}
