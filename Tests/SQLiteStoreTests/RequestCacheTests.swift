import Jobs
import TestSupport
import Testing

@testable import SQLiteStore

/// Tests that each text of a request gives its own request, decoded before or not.
@Suite struct RequestCacheTests {
    private static func request(_ prompt: String) throws -> (request: GenerationRequest, text: String) {
        let request = try GenerationRequest.validate(["prompt": .string(prompt), "model": "flux"]).request
        return (request, try JSONColumn.encode(request))
    }

    @Test func `each text gives its own request, however many there are, however long they are, and in whatever order`() throws {
        let all = try (0..<600).map { try Self.request("lighthouse \($0) " + String(repeating: "x", count: $0 % 7 == 0 ? 5000 : 0)) }
        for (request, text) in all + all.reversed() + all { #expect(try RequestCache.request(text) == request) }
    }

    @Test func `what is no request is none the second time either`() {
        for _ in 1...2 { #expect(throws: DecodingError.self) { try RequestCache.request("{\"model\": \"flux\"}") } }
    }
}
