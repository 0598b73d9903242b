import Foundation
import Jobs
import TestSupport
import Testing

/// Clients that send or read slowly or not at all, each time more of them than there are threads.
@Suite(.timeLimit(.minutes(5))) struct SlowClientTests {
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
            if index % 10 == 0 { #expect(try await HTTPTestClient.get("\(stack.base)/api/models").status == 200) }
        }
        for client in slow { #expect(try await client.statusLine() == "HTTP/1.1 202 Accepted") }
        #expect(try await HTTPTestClient.get("\(stack.base)/api/jobs?limit=100").json["items"]?.elements?.count == 20)
    }

    @Test(arguments: WebServer.allCases)
    func `while 200 bodies are half there others are answered, and in the end they are too`(server: WebServer) async throws {
        let stack = try await Stack(environment: Self.patient, behind: server)
        let id = try await stack.send("one that is asked for")
        // What is announced gives it two minutes.
        let whole = request("POST", "/krea/api/jobs", #"{"model": "\#(String(repeating: "x", count: 60_000))"}"#)
        let slow = try (0..<200).map { _ in try SlowClient(stack.origin) }
        for client in slow { try client.send(whole.dropLast(5)) }
        for rest in (1...4).reversed() {
            #expect(try await HTTPTestClient.get("\(stack.base)/health").status == 200)
            #expect(try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)").status == 200)
            for client in slow { try client.send([whole[whole.count - rest - 1]]) }
        }
        for client in slow { try client.send(whole.suffix(1)) }
        for client in slow {
            let line = try await client.statusLine()
            #expect(line.hasPrefix("HTTP/1.1 422"), "\(line)")
        }
    }

    @Test(arguments: [WebServer.apache, .caddy])
    func `while twenty refused bodies still come others are answered`(server: WebServer) async throws {
        let stack = try await Stack(environment: Self.patient, behind: server)
        let fields = ["Host: localhost", "Content-Type: application/json", "Transfer-Encoding: chunked"]
        let head = (["POST /krea/api/jobs HTTP/1.1"] + fields + ["", ""]).joined(separator: "\r\n")
        // More than the web server waits for before it passes the request on.
        let chunk = "8000\r\n\(String(repeating: "x", count: 0x8000))\r\n"
        let slow = try (0..<20).map { _ in try SlowClient(stack.origin) }
        for client in slow { try client.send(Array((head + chunk + "5\r\nab").utf8)) }
        for _ in 0..<5 {
            #expect(try await HTTPTestClient.get("\(stack.base)/health").status == 200)
            #expect(try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "an honest one"}"#).status == 202)
        }
        // Neither server passes the refusal on before its client has sent the rest.
        withExtendedLifetime(slow) {}
    }

    @Test(arguments: [WebServer.apache, .caddy])
    func `while twenty clients do not read large answers that come unbuffered others are answered`(server: WebServer) async throws {
        let stack = try await Stack(environment: Self.patient, behind: server)
        let prompt = String(repeating: "lighthouse ", count: 140)
        for _ in 0..<180 { _ = try await stack.send(prompt) }
        let lazy = try (0..<20).map { _ in try SlowClient(stack.origin) }
        for client in lazy { try client.send(request("GET", "/krea/api/jobs?limit=180")) }
        for _ in 0..<5 {
            #expect(try await HTTPTestClient.get("\(stack.base)/health").status == 200)
            #expect(try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "an honest one"}"#).status == 202)
        }
        for client in lazy { #expect(try await client.statusLine() == "HTTP/1.1 200 OK") }
    }

    @Test func `while twenty clients do not read their large answers others are answered`() async throws {
        let stack = try await Stack(environment: Self.patient)
        let prompt = String(repeating: "lighthouse ", count: 140)
        for _ in 0..<100 { _ = try await stack.send(prompt) }
        let lazy = try (0..<20).map { _ in try SlowClient(stack.origin) }
        for client in lazy { try client.send(request("GET", "/krea/api/jobs?limit=100")) }
        // Those before have to be answered first, by two threads.
        #expect(try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "an honest one"}"#).status == 202)
        for client in lazy { #expect(try await client.statusLine() == "HTTP/1.1 200 OK") }
    }

    @Test func `while twenty watch a page that comes bit by bit, and do not read it, others are answered`() async throws {
        let stack = try await Stack(environment: Self.patient)
        _ = try await stack.send("the first")
        let id = try await stack.send("one that waits")
        let lazy = try (0..<20).map { _ in try SlowClient(stack.origin) }
        for client in lazy { try client.send(request("GET", "/krea/jobs/\(id)")) }
        #expect(try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "an honest one"}"#).status == 202)
        let whole = try await HTTPTestClient.get("\(stack.base)/jobs/\(id)", [("Cookie", "script=1")])
        #expect(whole.status == 200)
        #expect(whole.body.contains("</html>"))
        for client in lazy { #expect(try await client.statusLine() == "HTTP/1.1 200 OK") }
    }
}
