import TestSupport
import Testing
import Web

@testable import Jobs

/// Which route a model has, and what happens when Krea changes its routes.
@Suite struct CatalogueTests {
    private let now = Timestamp(milliseconds: 1_000_000)

    private func model(_ name: String) throws -> Model { try #require(Model.named(name)) }

    private func catalogue(_ paths: String...) -> Catalogue {
        Catalogue(routes: paths.map { KreaRoute(path: $0, fields: [:]) }, readAt: now)
    }

    @Test(arguments: Model.all)
    func `without Krea's document a model has the brief's route, with the brief's limits`(model: Model) throws {
        let route = try #require(Catalogue.builtIn.route(for: model))
        #expect(route.path == model.routes[0].path)
        #expect(route.fields[.width]?.minimum == 512)
        #expect(route.fields[.width]?.maximum == 2368)
        #expect(route.makesBatches)
        #expect((route.fields[.steps] != nil) == (model.name == "Flux"))
        #expect(route.fields[.imageURLs]?.name == "imageUrls")
    }

    @Test func `with Krea's document a model has the first of its routes that is in it`() throws {
        let seedream = try model("seedream")
        #expect(catalogue("bytedance/seedream-3", "bytedance/seedream-4").route(for: seedream)?.path == "bytedance/seedream-3")
        #expect(catalogue("bytedance/seedream-5-lite", "bytedance/seedream-4").route(for: seedream)?.path == "bytedance/seedream-4")
        #expect(catalogue("bfl/flux-1-dev").route(for: seedream) == nil)
    }

    @Test func `a route that is gone gives way to what Krea named, else to the next`() throws {
        let imagen = try model("imagen")
        var catalogue = Catalogue.builtIn
        catalogue.markGone("google/imagen-4-fast", replacement: nil, at: now)
        #expect(catalogue.route(for: imagen)?.path == "google/nano-banana-flash-lite")
        var named = Catalogue.builtIn
        named.markGone("google/imagen-4-fast", replacement: "/generate/image/google/nano-banana-2", at: now)
        #expect(named.route(for: imagen)?.path == "google/nano-banana-2")
        #expect(named.route(for: .default)?.path == "google/nano-banana-flash")
    }

    @Test func `a document that was proved wrong is not believed to be complete`() throws {
        let seedream = try model("seedream")
        var catalogue = catalogue("bytedance/seedream-3")
        catalogue.markGone("bytedance/seedream-3", replacement: nil, at: now)
        #expect(catalogue.route(for: seedream)?.path == "bytedance/seedream-4")
        catalogue.markGone("bytedance/seedream-4", replacement: "bytedance/seedream-5-lite", at: now)
        #expect(catalogue.route(for: seedream)?.path == "bytedance/seedream-5-lite")
        catalogue.markGone("bytedance/seedream-5-lite", replacement: nil, at: now)
        #expect(catalogue.route(for: seedream) == nil)
    }

    @Test(arguments: ["video/veo-9", "google/imagen-4-fast", "", "///"])
    func `a replacement that nobody knows, or that is gone itself, is no replacement`(name: String) throws {
        var catalogue = Catalogue.builtIn
        catalogue.markGone("google/imagen-4-fast", replacement: name, at: now)
        #expect(catalogue.route(for: try model("imagen"))?.path == "google/nano-banana-flash-lite")
    }

    @Test func `what is gone counts for a day when Krea cannot be asked, and for nothing after a new document`() throws {
        var catalogue = Catalogue.builtIn
        catalogue.markGone("google/nano-banana-flash", replacement: nil, at: now)
        let before = catalogue.after(.noAnswer, at: now + Catalogue.goneFor - .milliseconds(1))
        #expect(before.route(for: .default)?.path == "google/nano-banana-2")
        let after = catalogue.after(.noAnswer, at: now + Catalogue.goneFor)
        #expect(after.route(for: .default)?.path == "google/nano-banana-flash")
        let route = KreaRoute(path: "google/nano-banana-flash", fields: [:])
        #expect(catalogue.after(.answered([route]), at: now).route(for: .default) == route)
        #expect(catalogue.after(.answered([route]), at: now).readAt == now)
        #expect(catalogue.after(.rateLimited(retryAfter: nil), at: now) == catalogue)
    }

    @Test(arguments: [
        ("google/nano-banana-2", "Nano Banana 2"), ("google/nano-banana-flash", "Nano Banana 2"), ("google/nano-banana", "Nano Banana"),
        ("google/nano-banana-flash-lite", "Imagen 4 Fast"), ("bytedance/seedream-4", "Seedream 3"), ("bfl/flux-1-dev", "Flux"),
    ])
    func `a path belongs to the model that has it earliest`(path: String, name: String) {
        #expect(Model.atRoute(path)?.name == name)
    }

    @Test func `what stands in for a model is named`() throws {
        #expect(
            try model("seedream").warnings(at: "bytedance/seedream-4").map(\.sentence) == [
                "Krea no longer offers Seedream 3: Seedream 4 is used."
            ])
        #expect(Model.default.warnings(at: "google/nano-banana-2").isEmpty)
        #expect(try model("imagen").name(at: "google/imagen-9") == "imagen-9")
    }

    @Test func `a price is the one with the most conditions that are fulfilled`() {
        let route = KreaRoute(
            path: "x",
            fields: [
                .resolution: FieldRule(name: "resolution", choices: ["1K", "2K"], fallback: "1K"), .styleImages: FieldRule(name: "s"),
            ],
            prices: [
                .init(usd: 1), .init(usd: 2, conditions: ["resolution": "1K"]), .init(usd: 3, conditions: ["resolution": "2K"]),
                .init(usd: 5, conditions: ["resolution": "2K", "s": "present"]),
            ])
        #expect(route.price(of: [:]) == 2)
        #expect(route.price(of: ["resolution": "2K"]) == 3)
        #expect(route.price(of: ["resolution": "2K", "s": []]) == 5)
        #expect(KreaRoute(path: "x", fields: [:]).price(of: [:]) == nil)
    }

    @Test func `the catalogue is the same after it was written and read`() throws {
        var catalogue = Catalogue(routes: Array(KreaRoute.builtIn.values), readAt: now)
        catalogue.markGone("bfl/flux-1-dev", replacement: "google/nano-banana-2", at: now)
        #expect(try JSONDecoding.roundTrip(catalogue) == catalogue)
    }
}
