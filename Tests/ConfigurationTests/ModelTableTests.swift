import Jobs
import TestSupport
import Testing

@testable import krea_fcgi

/// What the operator sees of the catalogue.
@Suite struct ModelTableTests {
    private let now = Timestamp(milliseconds: 1_772_366_400_000)

    @Test func `before Krea's document was read the table says so`() {
        let lines = ModelTable(.builtIn, now: now).lines
        #expect(lines.first == "catalogue: built in: Krea's document was never read")
        #expect(lines.contains("Flux: bfl/flux-1-dev"))
        #expect(lines.contains("  steps: steps, 1 to 100"))
        #expect(lines.contains("  batch_size: batchSize, 1 to 4"))
    }

    @Test func `each model has its route, what stands in for it, its price and what it takes`() {
        let route = KreaRoute(
            path: "bytedance/seedream-4",
            fields: [
                .width: FieldRule(name: "width", maximum: 4096, isRequired: true),
                .resolution: FieldRule(name: "r", choices: ["1K", "2K"]),
            ],
            prices: [.init(usd: 0.0315), .init(usd: 0.2, conditions: ["r": "2K"])])
        var catalogue = Catalogue(routes: [route], readAt: now - .seconds(7200))
        catalogue.markGone("google/imagen-4-fast", replacement: "bytedance/seedream-4", at: now)
        let lines = ModelTable(catalogue, now: now).lines
        #expect(lines[0] == "catalogue: Krea's own document, read 2026-03-01T10:00:00.000Z, 120 min ago")
        #expect(lines[1] == "gone since 2026-03-01T12:00:00.000Z: google/imagen-4-fast, replaced by bytedance/seedream-4")
        #expect(lines.contains("Seedream 3, now made by Seedream 4: bytedance/seedream-4"))
        #expect(lines.contains("  price: $0.0315, $0.2 (r 2K)"))
        #expect(lines.contains("  pictures in one job: one"))
        #expect(lines.contains("  width: width, required, up to 4096"))
        #expect(lines.contains("  resolution: r, 1K 2K"))
        #expect(lines.contains("Flux: not offered by Krea any more"))
    }
}
