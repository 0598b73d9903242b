import Jobs
import TestSupport
import Testing

/// A Krea that answers anything at all, for half an hour, to everything or to one thing; then it is itself again.
@Suite(.timeLimit(.minutes(5))) struct HostileTests {
    private static let places = ["before", "created", "poll", "list", "cancel", "document"]

    @Test(arguments: places.map { [$0] } + [places], 1...2)
    func `whatever Krea answers, the pace is kept, every job ends, and what is kept of it is bounded`(
        places: [String], seed: Int
    ) async throws {
        let fixture = try await DispatcherFixture({ SimulatedTransport(time: $0, runSeconds: 30) }, readsRoutes: true)
        let begin = fixture.time.now
        fixture.krea.always(places.map { "hostile-\($0):\(seed)" })
        // With a list that answers anything, answers have to get lost.
        let moods = places == ["list"] ? ["[[cut]]", "[[cut-before]]"] : [""]
        var ids = try (0..<8).map { try fixture.accept("picture \($0) \(moods[$0 % moods.count])") }
        try await fixture.run(until: begin + .seconds(90))
        for id in ids.prefix(2) { _ = try? fixture.store.cancel(id, at: fixture.time.now) }
        try await fixture.run(until: begin + .seconds(1800))
        fixture.krea.always([])
        let pace = try #require(try fixture.store.job(ids[0])?.pace)
        #expect(pace.silentUntil <= fixture.time.now + .seconds(3600))
        try fixture.store.release(at: fixture.time.now)
        // Unless Krea has said that there is no such model any more.
        if let last = try? fixture.accept("the last one") { ids.append(last) }
        try await fixture.run(until: fixture.time.now + .seconds(6 * 3600))

        for id in ids {
            let job = try fixture.job(id)
            #expect(job.state.isFinished, "\(job.request.prompt) is \(job.state)")
            for submission in job.submissions {
                #expect(submission.urls.count <= submission.pictures)
                #expect(submission.kreaStatus?.utf8.count ?? 0 <= 40)
                #expect(submission.kreaID?.utf8.count ?? 0 <= 128)
                #expect(submission.failure?.detail?.unicodeScalars.count ?? 0 <= 500)
                #expect(submission.warnings.count <= 12)
            }
        }
        let rules = fixture.store.rules
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
        var audit = Audit(rules)
        let calls = try fixture.store.calls(after: 0, limit: 100_000)
        for call in calls { audit.read(call) }
        #expect(audit.broken == [])
        #expect(calls.allSatisfy { $0.outcome?.rawValue.utf8.count ?? 0 <= 40 })
    }

    @Test func `an ID that belongs to another job is no answer, and holds nothing up`() async throws {
        let fixture = try await DispatcherFixture()
        let first = try fixture.accept("first")
        let second = try fixture.accept("second")
        let epoch = fixture.dispatcher.epoch
        for (id, state) in [(first, JobState.running), (second, .unconfirmed)] {
            let (call, job) = try fixture.store.claimSubmit(by: epoch, at: fixture.time.now).granted()
            #expect(job.id == id)
            let answer = CallResult<KreaJob>.answered(KreaJob(id: "the same", status: "queued"))
            #expect(try fixture.store.recordSubmit(answer, for: call, at: fixture.time.now).state == state)
            fixture.time.advance(by: .seconds(10))
        }
    }
}
