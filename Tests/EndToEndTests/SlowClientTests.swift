import Foundation
import Jobs
import TestSupport
import Testing

/// Clients that send or read slowly or not at all, each time more of them than there are threads.
@Suite(.timeLimit(.minutes(2))) struct SlowClientTests {
    /// Nothing is sent to Krea after the first job.
    private static let patient = ["KREA_FCGI_THREADS": "2", "KREA_FCGI_SUBMIT_INTERVAL_SECONDS": "3600"]

    private func request(_ method: String, _ path: String, _ body: String = "") -> [UInt8] {
        let fields = ["Host: localhost", "Content-Type: application/json", "Content-Length: \(body.utf8.count)"]
        return Array((["\(method) \(path) HTTP/1.1"] + fields + ["", body]).joined(separator: "\r\n").utf8)
    }

    @Test func `while twenty requests come byte by byte others are answered, and in the end they are too`() async throws {
        let stack = try await Stack(environment: Self.patient)
        let slow = try (0..<20).map { _ in try SlowClient(stack.origin) }
        for (index, byte) in request("POST", "/krea/api/jobs", #"{"prompt": "a slow lighthouse"}"#).enumerated() {
            for client in slow { try client.send([byte]) }
            if index % 10 == 0 { #expect(try await Visitor.get("\(stack.base)/api/models").status == 200) }
        }
        for client in slow { #expect(try await client.statusLine() == "HTTP/1.1 202 Accepted") }
        #expect(try await Visitor.get("\(stack.base)/api/jobs?limit=100").json["items"]?.elements?.count == 20)
    }

    @Test func `while twenty clients do not read their large answers others are answered`() async throws {
        let stack = try await Stack(environment: Self.patient)
        let prompt = String(repeating: "lighthouse ", count: 140)
        for _ in 0..<100 { _ = try await stack.send(prompt) }
        let lazy = try (0..<20).map { _ in try SlowClient(stack.origin) }
        for client in lazy { try client.send(request("GET", "/krea/api/jobs?limit=100")) }
        // Those before have to be answered first, by two threads.
        #expect(try await Visitor.post("\(stack.base)/api/jobs", json: #"{"prompt": "an honest one"}"#).status == 202)
        for client in lazy { #expect(try await client.statusLine() == "HTTP/1.1 200 OK") }
    }

    @Test func `while twenty watch a page that comes bit by bit, and do not read it, others are answered`() async throws {
        let stack = try await Stack(environment: Self.patient)
        _ = try await stack.send("the first")
        let id = try await stack.send("one that waits")
        let lazy = try (0..<20).map { _ in try SlowClient(stack.origin) }
        for client in lazy { try client.send(request("GET", "/krea/jobs/\(id)")) }
        #expect(try await Visitor.post("\(stack.base)/api/jobs", json: #"{"prompt": "an honest one"}"#).status == 202)
        let whole = try await Visitor.get("\(stack.base)/jobs/\(id)")
        #expect(whole.status == 200 && whole.body.contains("</html>"))
        for client in lazy { #expect(try await client.statusLine() == "HTTP/1.1 200 OK") }
    }
}
