import Jobs
import SQLiteStore
import TestSupport
import Testing

/// All of Krea is away for an hour, in each way in which it can be, with jobs that run and jobs that wait.
@Suite struct OutageTests {
    private let rules = PaceRules()
    private let hour: Duration = .seconds(3600)

    @Test(arguments: SimulatedTransport.Outage.allCases)
    func `after an hour without Krea every job goes on, none was sent twice, and the hour's calls kept the pace`(
        outage: SimulatedTransport.Outage
    ) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file("jobs.sqlite"), rules: rules)
        let fixture = try await DispatcherFixture({ SimulatedTransport(time: $0, runSeconds: 60) }, store: store)
        let running = try (1...3).map { try fixture.accept("running \($0)") }
        try await fixture.run(until: fixture.time.now + .seconds(25))
        let begin = fixture.time.now
        for id in running { #expect(try fixture.job(id).state == .running) }

        fixture.krea.setOutage(outage)
        let waiting = try (1...3).map { try fixture.accept("waiting \($0)") }
        try await fixture.run(until: begin + hour)
        let reached = fixture.krea.calls.filter { $0.arrived > begin }
        #expect(reached.isEmpty == (outage == .unreachable))
        // Each was sent into the dark once, and Krea's list has to tell what became of it; where nothing was sent, nothing is in doubt.
        for id in waiting { #expect(try fixture.job(id).state == (outage == .unreachable ? .waiting : .unconfirmed)) }
        for id in running { #expect(try fixture.job(id).state == (outage == .unreachable ? .running : .timedOut)) }
        #expect(reached.filter(\.isSubmission).count == (outage == .unreachable ? 0 : 3))
        // And whoever asks is told, from the first call on that got no answer.
        for id in waiting {
            let pace = try #require(try store.job(id)?.pace)
            guard case .unanswered(let since) = pace.hold(at: fixture.time.now) else {
                Issue.record("nobody is told")
                continue
            }
            #expect(since >= begin)
            #expect(since - begin <= rules.requestTimeout + rules.pollInterval)
        }
        // A failed look at the list makes the next one rarer, up to one in 5 minutes.
        #expect(reached.count { $0.path.hasPrefix("/jobs?") } <= 20)

        fixture.krea.setOutage(nil)
        // Krea was asked 40 times for them, and no more often; who wants them can have it asked again.
        if outage != .unreachable { for id in running { _ = try store.resume(id, at: fixture.time.now) } }
        try await fixture.run()
        for id in running + waiting { #expect(try fixture.job(id).state == .completed) }
        #expect(try store.overview(at: fixture.time.now).pace.unanswered == nil)
        let created = fixture.krea.calls.filter { $0.isSubmission && $0.status == 200 }.compactMap(\.prompt)
        #expect(created.sorted() == ["running 1", "running 2", "running 3", "waiting 1", "waiting 2", "waiting 3"])

        var looks = rules
        looks.maxPolls = outage == .unreachable ? rules.maxPolls : rules.maxPolls * 2
        #expect(fixture.krea.calls.brokenRules(looks).isEmpty)
        var audit = Audit(rules)
        for call in try store.calls(after: 0, limit: 100_000) { audit.read(call) }
        #expect(audit.brokenCount == 0, "\(audit.broken)")
        #expect(audit.counts[.submit, default: 0] <= 6 + 360)
    }

    @Test func `while no connection can be made a running job uses no poll up, and tries every 6 s`() async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, runSeconds: 60) }
        let id = try fixture.accept("a lighthouse")
        try await fixture.run(until: fixture.time.now + .seconds(25))
        let polls = try fixture.job(id)[1].polls
        #expect(polls > 0)
        fixture.krea.setOutage(.unreachable)
        for _ in 0..<3 {
            let due = try #require(try fixture.job(id)[1].nextPollAt)
            try await fixture.run(until: due + .seconds(1))
            #expect(try fixture.job(id)[1].polls == polls)
            #expect(try fixture.job(id)[1].nextPollAt == due + rules.pollInterval)
        }
    }
}
