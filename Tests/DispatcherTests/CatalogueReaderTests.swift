import Jobs
import KreaAPI
import SQLiteStore
import TestSupport
import Testing

/// Krea's routes change while jobs flow, in virtual time.
@Suite struct CatalogueReaderTests {
    private let rules = PaceRules()
    private static let day: Duration = .seconds(86_400)

    @Test func `the routes are read at the start and once a day`() async throws {
        let world = try await World(readsRoutes: true)
        let start = world.time.now
        try await world.run(until: start + Self.day * 3)
        let asked = world.krea.calls.filter { $0.path == "/openapi.json" }
        #expect(asked.count == 3)
        #expect(asked[0].arrived == start)
        #expect(asked[1].arrived == asked[0].answered + Self.day)
    }

    @Test func `a process that is started again and again does not ask again and again`() async throws {
        let world = try await World(readsRoutes: true)
        let start = world.time.now
        for _ in 0..<10 {
            world.presence.withdraw(world.dispatcher.epoch)
            _ = try await VirtualDispatcher(world.store, world.krea, world.time, world.presence, readsRoutes: true).turn()
            world.time.advance(by: .seconds(1))
        }
        #expect(world.krea.calls.filter { $0.path == "/openapi.json" }.count == 2)
        #expect(world.time.now - start >= .seconds(10))
    }

    @Test func `what cannot be reached is asked again, what is known stays`() async throws {
        let world = try await World({ SimulatedTransport(time: $0, current: true) }, readsRoutes: true)
        try await world.run(until: world.time.now + .seconds(60))
        let known = try world.store.catalogue()
        #expect(known.readAt != nil)
        world.krea.setOutage(.unreachable)
        try await world.run(until: world.time.now + Self.day * 2)
        #expect(try world.store.catalogue() == known)
        world.krea.setOutage(nil)
        try await world.run(until: world.time.now + .seconds(601))
        #expect(try world.store.catalogue().readAt != known.readAt)
    }

    @Test func `while Krea wants silence the routes are not asked for`() async throws {
        let world = try await World(readsRoutes: true)
        _ = try world.accept("[[429]]")
        try await world.run(until: world.time.now + Self.day + .seconds(3600))
        #expect(world.krea.calls.brokenRules(rules).isEmpty)
        #expect(world.krea.calls.contains { $0.status == 429 })
    }

    @Test func `every model makes its picture at Krea as it is today`() async throws {
        let world = try await World({ SimulatedTransport(time: $0, current: true) }, readsRoutes: true)
        try await world.run(until: world.time.now + .seconds(1))
        let ids = try Model.all.map { model in
            try world.accept("a lighthouse", ["model": .string(model.id), "aspect_ratio": "16:9", "steps": 20])
        }
        try await world.run(until: world.time.now + .seconds(600))
        for (id, model) in zip(ids, Model.all) {
            let job = try world.job(id)
            #expect(job.state == .completed, "\(model.name): \(job.failure?.detail ?? "")")
        }
        #expect(try world.job(ids[3]).usedModels == "Seedream 4")
        #expect(try world.job(ids[3]).warnings.contains(.replaced(model: "Seedream 3", by: "Seedream 4")))
        #expect(world.krea.calls.filter(\.isSubmission).count == Model.all.count)
        #expect(world.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test func `Krea that has changed and cannot be asked says where to go, and the jobs get there`() async throws {
        // The reader is not there: nothing is known but the brief.
        let world = try await World { SimulatedTransport(time: $0, current: true) }
        let ids = try ["default", "imagen", "seedream"].map { try world.accept("a lighthouse", ["model": .string($0), "batch_size": 2]) }
        try await world.run()
        for id in ids { #expect(try world.job(id).urls.count == 2) }
        #expect(try ids.map { try world.job($0).usedModels } == ["Nano Banana 2", "Nano Banana Flash Lite", "Seedream 4"])
        // Three answers told that a route is gone; nothing was paid for then.
        let submissions = world.krea.calls.filter(\.isSubmission)
        #expect(submissions.filter { $0.status == 410 }.count == 3)
        #expect(submissions.filter { $0.kreaID != nil }.count == 6)
        #expect(world.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test func `a job that was accepted by yesterday's routes is sent by today's`() async throws {
        let world = try await World({ SimulatedTransport(time: $0, current: true) }, readsRoutes: true)
        // Accepted by the brief, before anything was read.
        let id = try world.accept("a lighthouse", ["batch_size": 2, "width": 1024, "image_urls": ["https://example.org/a.png"]])
        #expect(try world.job(id).submissions.count == 1)
        try await world.dispatcher.run(until: world.time.now + .seconds(120))
        let job = try world.job(id)
        #expect(job.submissions.count == 2)
        #expect(job.urls.count == 2 && job.state == .completed)
    }

    @Test func `Krea changes between two jobs, and neither notices`() async throws {
        let world = try await World(readsRoutes: true)
        let start = world.time.now
        try await world.run(until: start + .seconds(1))
        let first = try world.accept("a lighthouse", ["model": "seedream"])
        try await world.run(until: start + .seconds(60))
        world.krea.modernise()
        // Before the next document is read, Krea's answer tells; after it, the document.
        let second = try world.accept("a lighthouse", ["model": "seedream"])
        try await world.run(until: start + Self.day + .seconds(60))
        let third = try world.accept("a lighthouse", ["batch_size": 2, "aspectRatio": "16:9"])
        #expect(try world.job(third).submissions.count == 2)
        try await world.run(until: start + Self.day + .seconds(300))
        #expect(try [first, second, third].map { try world.job($0).state } == [.completed, .completed, .completed])
        #expect(
            try [first, second, third].map { try world.job($0).usedModels } == ["Seedream 3", "Seedream 4", "Nano Banana 2"])
        let refused = world.krea.calls.filter { $0.isSubmission && $0.kreaID == nil }
        #expect(refused.map(\.path) == ["/generate/image/bytedance/seedream-3"])
        #expect(world.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test func `a part that fails leaves the others their pictures`() async throws {
        let world = try await World({ SimulatedTransport(time: $0, current: true) }, readsRoutes: true)
        try await world.run(until: world.time.now + .seconds(1))
        // One is refused, one taken, and one refused again.
        let id = try world.accept("[[402:1]]", ["batch_size": 3])
        try await world.run(until: world.time.now + .seconds(1000))
        let job = try world.job(id)
        #expect(job.state == .completed && job.urls.count == 1)
        #expect(job.warnings.last?.sentence == "2 of 3 pictures could not be made: Out of compute — upgrade plan")
    }
}
