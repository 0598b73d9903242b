import Jobs
import TestSupport
import Testing

/// What Krea's list of jobs can be like when an answer was lost: a long one, a large one, one that cannot be read.
@Suite struct ListTests {
    private let rules = PaceRules()

    private func looks(_ world: World) -> [KreaCall] { world.krea.calls.filter { $0.path.hasPrefix("/jobs?") } }

    private func submissions(_ world: World, of prompt: String) -> Int {
        world.krea.calls.count { $0.isSubmission && $0.prompt?.hasPrefix(prompt) == true }
    }

    private func expectKeptRules(_ world: World) throws {
        #expect(world.krea.calls.brokenRules(rules).isEmpty)
        let looks = looks(world)
        for (earlier, later) in zip(looks, looks.dropFirst()) { #expect(later.arrived - earlier.answered >= rules.pollInterval) }
        var audit = Audit(rules)
        for call in try world.store.calls(after: 0, limit: 100_000) { audit.read(call) }
        #expect(audit.broken == [])
    }

    @Test(arguments: ["iso", "plain", "offset", "seconds", "milliseconds"])
    func `a lost answer is found, or its job sent again once, in whatever form the list writes times`(form: String) async throws {
        let world = try await World { SimulatedTransport(time: $0, history: 5000, listedTime: form) }
        let found = try world.accept("found [[cut]]")
        let absent = try world.accept("absent [[cut-before]]")
        try await world.run()
        for id in [found, absent] { #expect(try world.job(id).state == .completed) }
        #expect(submissions(world, of: "found") == 1)
        #expect(submissions(world, of: "absent") == 2)
        // 5000 older jobs are not read.
        #expect(looks(world).allSatisfy { $0.path == "/jobs?limit=100" })
        try expectKeptRules(world)
    }

    @Test(arguments: ["day", "missing"])
    func `where times cannot be read nothing is sent again, and the job fails at last and says so`(form: String) async throws {
        let world = try await World { SimulatedTransport(time: $0, listedTime: form) }
        let id = try world.accept("a lighthouse [[cut]]")
        let unwanted = try world.accept("an owl [[cut]]")
        let next = try world.accept("the next one")
        try await world.run(until: world.time.now + .seconds(60))
        #expect(try world.job(id).state == .unconfirmed)
        _ = try world.store.cancel(unwanted, at: world.time.now)
        try await world.run()
        #expect(try world.job(id).failure?.code == .submissionUndecidable)
        #expect(try world.job(unwanted).failure?.code == .cancellationUnconfirmed)
        #expect(try world.job(next).state == .completed)
        #expect(submissions(world, of: "a lighthouse") == 1)
        // Not oftener than one look in 5 minutes in the end, and not for ever.
        #expect(looks(world).count < 40)
        try expectKeptRules(world)
    }

    @Test func `times that can be read after all end the doubt`() async throws {
        let world = try await World { SimulatedTransport(time: $0, listedTime: "missing") }
        let id = try world.accept("a lighthouse [[cut]]")
        try await world.run(until: world.time.now + .seconds(300))
        #expect(try world.job(id).state == .unconfirmed)
        world.krea.setList(time: "iso")
        try await world.run()
        #expect(try world.job(id).state == .completed)
        #expect(submissions(world, of: "a lighthouse") == 1)
    }

    @Test func `a long list is read page by page, back to before the call and no further`() async throws {
        let world = try await World { SimulatedTransport(time: $0, history: 5000) }
        let id = try world.accept("a lighthouse [[cut-before]]")
        try await world.run(until: world.time.now + .seconds(4))
        world.krea.crowd(3000)
        try await world.run()
        #expect(try world.job(id).state == .completed)
        #expect(submissions(world, of: "a lighthouse") == 2)
        let limits = looks(world).map { $0.path.dropFirst("/jobs?limit=".count).prefix { $0 != "&" } }
        #expect(Array(limits.suffix(6)) == ["100", "200", "400", "800", "1000", "1000"])
        try expectKeptRules(world)
        #expect(try world.store.calls(after: 0, limit: 1000).contains { $0.kind == .list && $0.outcome == "page" })
    }

    @Test func `jobs of a hundred kilobytes are asked for in smaller pages`() async throws {
        let world = try await World { SimulatedTransport(time: $0, history: 5000, listedBytes: 100_000) }
        let id = try world.accept("a lighthouse [[cut]]")
        try await world.run()
        #expect(try world.job(id).state == .completed)
        #expect(looks(world).map(\.path) == ["/jobs?limit=100", "/jobs?limit=25", "/jobs?limit=6"])
        try expectKeptRules(world)
    }

    @Test func `a list of which not even one job can be read ends the doubt and tells the one who wanted to cancel`() async throws {
        let world = try await World { SimulatedTransport(time: $0, history: 10, listedBytes: 2 << 20) }
        let id = try world.accept("a lighthouse [[cut]]")
        let next = try world.accept("the next one")
        try await world.run(until: world.time.now + .seconds(60))
        _ = try world.store.cancel(id, at: world.time.now)
        try await world.run()
        let job = try world.job(id)
        #expect(job.failure?.code == .cancellationUnconfirmed)
        #expect(!job.isCancelWanted)
        #expect(try world.job(next).state == .completed)
        #expect(submissions(world, of: "a lighthouse") == 1)
        #expect(try world.store.claimList(by: world.dispatcher.epoch, at: world.time.now + .seconds(3600)) == .nothing)
        try expectKeptRules(world)
    }

    @Test func `a restart in the middle of a long look begins it anew and proves nothing wrong`() async throws {
        let world = try await World { SimulatedTransport(time: $0) }
        let id = try world.accept("a lighthouse [[cut-before]]")
        try await world.run(until: world.time.now + .seconds(4))
        world.krea.crowd(3000)
        for _ in 0..<30 {
            try await world.run(until: world.time.now + .milliseconds(13_700))
            try await world.restart()
        }
        try await world.run()
        #expect(try world.job(id).state == .completed)
        #expect(submissions(world, of: "a lighthouse") == 2)
        try expectKeptRules(world)
    }
}
