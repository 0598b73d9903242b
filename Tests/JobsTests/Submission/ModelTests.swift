@testable import Jobs
import Testing

@Suite struct ModelTests {
    /// The table of the brief.
    private static let names: [(name: String, aliases: [String], path: String)] = [
        ("Nano Banana 2", ["nano banana 2", "nano2", "flash", "default"], "google/nano-banana-flash"),
        ("Flux", ["flux", "flux-dev", "bfl"], "bfl/flux-1-dev"),
        ("Imagen 4 Fast", ["imagen", "imagen4", "imagen-4", "google"], "google/imagen-4-fast"),
        ("Seedream 3", ["seedream", "seedream3", "bytedance"], "bytedance/seedream-3"),
        ("Ideogram 3.0", ["ideogram", "ideogram3", "ideogram-3"], "ideogram/ideogram-3"),
        ("Nano Banana Pro", ["nano banana pro", "nano pro", "pro"], "google/nano-banana-pro"),
        ("Nano Banana", ["nano banana", "nano", "nano1"], "google/nano-banana"),
    ]

    @Test(arguments: names)
    func `a model answers to its name and its aliases and goes to its route`(row: (name: String, aliases: [String], path: String)) {
        for alias in [row.name] + row.aliases {
            #expect(Model.named(alias)?.name == row.name)
            #expect(Model.named(alias.uppercased())?.name == row.name)
            #expect(Model.named(alias.replacing(" ", with: "_"))?.name == row.name)
            #expect(Model.named(" " + alias.replacing("-", with: " "))?.name == row.name)
        }
        #expect(Model.named(row.name)?.routes.first?.path == row.path)
    }

    @Test func `no name belongs to two models`() {
        let all = Self.names.flatMap { [$0.name] + $0.aliases }.map { $0.lowercased().filter { !" -_".contains($0) } }
        for name in Set(all) { #expect(Model.named(name) != nil) }
        #expect(Self.names.allSatisfy { row in row.aliases.allSatisfy { Model.named($0)?.name == row.name } })
    }

    @Test func `the default is the fastest`() {
        #expect(Model.default.name == "Nano Banana 2")
        #expect(Model.all.map(\.name) == Self.names.map(\.name))
    }

    @Test(arguments: ["", "dall-e", "flux 2", "veo-3"])
    func `other names are nobody's`(name: String) {
        #expect(Model.named(name) == nil)
    }
}
