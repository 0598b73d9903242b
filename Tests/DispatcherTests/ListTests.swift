import Jobs
import TestSupport
import Testing

/// What Krea's list of jobs can be like when an answer was lost: a long one, a large one, one that cannot be read.
@Suite struct ListTests {
    private let rules = PaceRules()

    private func looks(_ fixture: DispatcherFixture) -> [KreaCall] { fixture.krea.calls.filter { $0.path.hasPrefix("/jobs?") } }

    private func submissions(_ fixture: DispatcherFixture, of prompt: String) -> Int {
        fixture.krea.calls.count { $0.isSubmission && $0.prompt?.hasPrefix(prompt) == true }
    }

    private func expectKeptRules(_ fixture: DispatcherFixture) throws {
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
        let looks = looks(fixture)
        for (earlier, later) in zip(looks, looks.dropFirst()) { #expect(later.arrived - earlier.answered >= rules.pollInterval) }
        var audit = Audit(rules)
        for call in try fixture.store.calls(after: 0, limit: 100_000) { audit.read(call) }
        #expect(audit.broken == [])
    }

    @Test(arguments: ["iso", "plain", "offset", "seconds", "milliseconds"])
    func `a lost answer is found, or its job sent again once, in whatever form the list writes times`(form: String) async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, history: 5000, listedTime: form) }
        let found = try fixture.accept("found [[cut]]")
        let absent = try fixture.accept("absent [[cut-before]]")
        try await fixture.run()
        for id in [found, absent] { #expect(try fixture.job(id).state == .completed) }
        #expect(submissions(fixture, of: "found") == 1)
        #expect(submissions(fixture, of: "absent") == 2)
        // 5000 older jobs are not read.
        #expect(looks(fixture).allSatisfy { $0.path == "/jobs?limit=100" })
        try expectKeptRules(fixture)
    }

    @Test(arguments: ["day", "missing"])
    func `where times cannot be read nothing is sent again, and the job fails at last and says so`(form: String) async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, listedTime: form) }
        let id = try fixture.accept("a lighthouse [[cut]]")
        let unwanted = try fixture.accept("an owl [[cut]]")
        let next = try fixture.accept("the next one")
        try await fixture.run(until: fixture.time.now + .seconds(60))
        #expect(try fixture.job(id).state == .unconfirmed)
        _ = try fixture.store.cancel(unwanted, at: fixture.time.now)
        try await fixture.run()
        #expect(try fixture.job(id).failure?.code == .submissionUndecidable)
        #expect(try fixture.job(unwanted).failure?.code == .cancellationUnconfirmed)
        #expect(try fixture.job(next).state == .completed)
        #expect(submissions(fixture, of: "a lighthouse") == 1)
        // Not oftener than one look in 5 minutes in the end, and not for ever.
        #expect(looks(fixture).count < 40)
        try expectKeptRules(fixture)
    }

    @Test func `times that can be read after all end the doubt`() async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, listedTime: "missing") }
        let id = try fixture.accept("a lighthouse [[cut]]")
        try await fixture.run(until: fixture.time.now + .seconds(300))
        #expect(try fixture.job(id).state == .unconfirmed)
        fixture.krea.setList(time: "iso")
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(submissions(fixture, of: "a lighthouse") == 1)
    }

    @Test func `a long list is read page by page, back to before the call and no further`() async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, history: 5000) }
        let id = try fixture.accept("a lighthouse [[cut-before]]")
        try await fixture.run(until: fixture.time.now + .seconds(4))
        fixture.krea.crowd(3000)
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(submissions(fixture, of: "a lighthouse") == 2)
        let limits = looks(fixture).map { $0.path.dropFirst("/jobs?limit=".count).prefix { $0 != "&" } }
        #expect(Array(limits.suffix(6)) == ["100", "200", "400", "800", "1000", "1000"])
        try expectKeptRules(fixture)
        #expect(try fixture.store.calls(after: 0, limit: 1000).contains { $0.kind == .list && $0.outcome == "page" })
    }

    @Test func `jobs of a hundred kilobytes are asked for in smaller pages`() async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, history: 5000, listedBytes: 100_000) }
        let id = try fixture.accept("a lighthouse [[cut]]")
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(looks(fixture).map(\.path) == ["/jobs?limit=100", "/jobs?limit=25", "/jobs?limit=6"])
        try expectKeptRules(fixture)
    }

    @Test func `a list of which not even one job can be read ends the doubt and tells the one who wanted to cancel`() async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, history: 10, listedBytes: 2 << 20) }
        let id = try fixture.accept("a lighthouse [[cut]]")
        let next = try fixture.accept("the next one")
        try await fixture.run(until: fixture.time.now + .seconds(60))
        _ = try fixture.store.cancel(id, at: fixture.time.now)
        try await fixture.run()
        let job = try fixture.job(id)
        #expect(job.failure?.code == .cancellationUnconfirmed)
        #expect(!job.isCancelWanted)
        #expect(try fixture.job(next).state == .completed)
        #expect(submissions(fixture, of: "a lighthouse") == 1)
        #expect(try fixture.store.claimList(by: fixture.dispatcher.epoch, at: fixture.time.now + .seconds(3600)) == .nothing)
        try expectKeptRules(fixture)
    }

    @Test func `a restart in the middle of a long look begins it anew and proves nothing wrong`() async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0) }
        let id = try fixture.accept("a lighthouse [[cut-before]]")
        try await fixture.run(until: fixture.time.now + .seconds(4))
        fixture.krea.crowd(3000)
        for _ in 0..<30 {
            try await fixture.run(until: fixture.time.now + .milliseconds(13_700))
            try await fixture.restart()
        }
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(submissions(fixture, of: "a lighthouse") == 2)
        try expectKeptRules(fixture)
    }
}
