import FoundationEssentials
import Jobs
import TestSupport
import Testing

@testable import Web

/// Drawings in the place of pictures.
@Suite struct DrawingTests {
    private func view(_ members: [String: JSONValue] = [:]) throws -> JobView {
        let fixture = WebFixture()
        let job = try Job.sample(members: members, at: fixture.time.now)
        guard case .new(let queued) = try fixture.store.accept(job, key: nil) else { throw BrokenStore.Failure() }
        return JobView(queued, now: fixture.time.now, rules: fixture.store.rules)
    }

    @Test(
        arguments: [
            ([:], 1024, 1024), (["model": "flux", "width": 640, "height": 512], 640, 512), (["aspect_ratio": "16:9"], 1024, 576),
            (["aspect_ratio": "9:16"], 576, 1024),
        ] as [([String: JSONValue], Int, Int)])
    func `it has the size of the picture that is asked for`(members: [String: JSONValue], width: Int, height: Int) throws {
        let svg = try PlaceholderImage(of: view(members)).svg.source
        #expect(
            svg.hasPrefix(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\""))
    }

    @Test func `it is light or dark, runs nothing and loads nothing`() throws {
        let svg = try PlaceholderImage(of: view()).svg.source
        #expect(svg.contains("@media (prefers-color-scheme: dark)"))
        for word in ["<script", "href", "url(", "@import", "<image", "<foreignObject", " on"] { #expect(!svg.contains(word), "\(word)") }
        #expect(svg.matches(of: /https?:/).count == 1)
    }

    @Test func `long lines are broken between words, and text stays text`() {
        let words = Array(repeating: "lighthouse", count: 12).joined(separator: " ")
        let svg = PlaceholderImage(lines: ["<b> & \"more\"", words]).svg.source
        #expect(svg.contains(">&lt;b&gt; &amp; &quot;more&quot;</text>"))
        let rows = svg.matches(of: /<text[^>]*>([^<]*)</).map { String($0.1) }
        #expect(rows.count > 3)
        #expect(rows.dropFirst().joined(separator: " ") == words)
        #expect(rows.allSatisfy { $0.count <= 40 })
    }
}
