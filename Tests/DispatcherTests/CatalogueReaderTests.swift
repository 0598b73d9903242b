import Jobs
import KreaAPI
import SQLiteStore
import TestSupport
import Testing
import Web

/// Krea's routes change while jobs flow, in virtual time.
@Suite struct CatalogueReaderTests {
    private let rules = PaceRules()
    private static let day: Duration = .seconds(86_400)

    @Test func `the routes are read at the start and once a day`() async throws {
        let fixture = try await DispatcherFixture(readsRoutes: true)
        let start = fixture.time.now
        try await fixture.run(until: start + Self.day * 3)
        let asked = fixture.krea.calls.filter { $0.path == "/openapi.json" }
        #expect(asked.count == 3)
        #expect(asked[0].arrived == start)
        #expect(asked[1].arrived == asked[0].answered + Self.day)
    }

    @Test func `a process that is started again and again does not ask again and again`() async throws {
        let fixture = try await DispatcherFixture(readsRoutes: true)
        let start = fixture.time.now
        for _ in 0..<10 {
            fixture.liveness.withdraw(fixture.dispatcher.epoch)
            _ = try await VirtualDispatcher(fixture.store, fixture.krea, fixture.time, fixture.liveness, readsRoutes: true).turn()
            fixture.time.advance(by: .seconds(1))
        }
        #expect(fixture.krea.calls.filter { $0.path == "/openapi.json" }.count == 2)
        #expect(fixture.time.now - start >= .seconds(10))
    }

    @Test func `what cannot be reached is asked again, what is known stays`() async throws {
        let fixture = try await DispatcherFixture({ SimulatedTransport(time: $0, current: true) }, readsRoutes: true)
        try await fixture.run(until: fixture.time.now + .seconds(60))
        let known = try fixture.store.catalogue()
        #expect(known.readAt != nil)
        fixture.krea.setOutage(.unreachable)
        try await fixture.run(until: fixture.time.now + Self.day * 2)
        #expect(try fixture.store.catalogue() == known)
        fixture.krea.setOutage(nil)
        try await fixture.run(until: fixture.time.now + .seconds(601))
        #expect(try fixture.store.catalogue().readAt != known.readAt)
    }

    @Test func `while Krea wants silence the routes are not asked for`() async throws {
        let fixture = try await DispatcherFixture(readsRoutes: true)
        _ = try fixture.accept("[[429]]")
        try await fixture.run(until: fixture.time.now + Self.day + .seconds(3600))
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
        #expect(fixture.krea.calls.contains { $0.status == 429 })
    }

    @Test func `every model makes its picture at Krea as it is today`() async throws {
        let fixture = try await DispatcherFixture({ SimulatedTransport(time: $0, current: true) }, readsRoutes: true)
        try await fixture.run(until: fixture.time.now + .seconds(1))
        let ids = try Model.all.map { model in
            try fixture.accept("a lighthouse", ["model": .string(model.id), "aspect_ratio": "16:9", "steps": 20])
        }
        try await fixture.run(until: fixture.time.now + .seconds(600))
        for (id, model) in zip(ids, Model.all) {
            let job = try fixture.job(id)
            #expect(job.state == .completed, "\(model.name): \(job.failure?.detail ?? "")")
        }
        #expect(try fixture.job(ids[3]).usedModels == "Seedream 4")
        #expect(try fixture.job(ids[3]).warnings.contains(.replaced(model: "Seedream 3", by: "Seedream 4")))
        #expect(fixture.krea.calls.filter(\.isSubmission).count == Model.all.count)
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test func `Krea that has changed and cannot be asked says where to go, and the jobs get there`() async throws {
        // The reader is not there: nothing is known but the brief.
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, current: true) }
        let ids = try ["default", "imagen", "seedream"].map { try fixture.accept("a lighthouse", ["model": .string($0), "batch_size": 2]) }
        try await fixture.run()
        for id in ids { #expect(try fixture.job(id).urls.count == 2) }
        #expect(try ids.map { try fixture.job($0).usedModels } == ["Nano Banana 2", "Nano Banana Flash Lite", "Seedream 4"])
        // Three answers told that a route is gone; nothing was paid for then.
        let submissions = fixture.krea.calls.filter(\.isSubmission)
        #expect(submissions.filter { $0.status == 410 }.count == 3)
        #expect(submissions.filter { $0.kreaID != nil }.count == 6)
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test func `a job that was accepted by yesterday's routes is sent by today's`() async throws {
        let fixture = try await DispatcherFixture({ SimulatedTransport(time: $0, current: true) }, readsRoutes: true)
        // Accepted by the brief, before anything was read.
        let id = try fixture.accept("a lighthouse", ["batch_size": 2, "width": 1024, "image_urls": ["https://example.org/a.png"]])
        #expect(try fixture.job(id).submissions.count == 1)
        try await fixture.dispatcher.run(until: fixture.time.now + .seconds(120))
        let job = try fixture.job(id)
        #expect(job.submissions.count == 2)
        #expect(job.urls.count == 2)
        #expect(job.state == .completed)
    }

    @Test func `Krea changes between two jobs, and neither notices`() async throws {
        let fixture = try await DispatcherFixture(readsRoutes: true)
        let start = fixture.time.now
        try await fixture.run(until: start + .seconds(1))
        let first = try fixture.accept("a lighthouse", ["model": "seedream"])
        try await fixture.run(until: start + .seconds(60))
        fixture.krea.modernise()
        // Before the next document is read, Krea's answer tells; after it, the document.
        let second = try fixture.accept("a lighthouse", ["model": "seedream"])
        try await fixture.run(until: start + Self.day + .seconds(60))
        let third = try fixture.accept("a lighthouse", ["batch_size": 2, "aspectRatio": "16:9"])
        #expect(try fixture.job(third).submissions.count == 2)
        try await fixture.run(until: start + Self.day + .seconds(300))
        #expect(try [first, second, third].map { try fixture.job($0).state } == [.completed, .completed, .completed])
        #expect(
            try [first, second, third].map { try fixture.job($0).usedModels } == ["Seedream 3", "Seedream 4", "Nano Banana 2"])
        let refused = fixture.krea.calls.filter { $0.isSubmission && $0.kreaID == nil }
        #expect(refused.map(\.path) == ["/generate/image/bytedance/seedream-3"])
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test func `a part that fails leaves the others their pictures`() async throws {
        let fixture = try await DispatcherFixture({ SimulatedTransport(time: $0, current: true) }, readsRoutes: true)
        try await fixture.run(until: fixture.time.now + .seconds(1))
        // One is refused, one taken, and one refused again.
        let id = try fixture.accept("[[402:1]]", ["batch_size": 3])
        try await fixture.run(until: fixture.time.now + .seconds(1000))
        let job = try fixture.job(id)
        #expect(job.state == .completed)
        #expect(job.urls.count == 1)
        #expect(job.warnings.last?.sentence == "2 of 3 pictures could not be made: Out of compute — upgrade plan")
    }
}
