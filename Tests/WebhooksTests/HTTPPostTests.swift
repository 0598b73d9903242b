import HTTPClient
import Jobs
import TestSupport
import Testing

@testable import Webhooks

/// One exchange over a real connection.
@Suite(.timeLimit(.minutes(5))) struct HTTPPostTests {
    /// The status from a server on this machine that answers with this head and a megabyte, and what the server was asked.
    private func post(
        _ head: String, to url: (_ port: String) -> String, wait: Duration = .seconds(10)
    ) async throws -> (status: Int?, requests: [RawHost.Request]) {
        let host = try RawHost { _ in
            [.text("HTTP/1.1 \(head)\r\nContent-Length: 1048576\r\n\r\n"), .bytes([UInt8](repeating: 0x20, count: 1 << 20))]
        }
        defer { host.end() }
        let port = String(host.base.split(separator: ":").last ?? "")
        let status = await HTTPPost(client: HTTPClient(), userAgent: "test").status(
            of: Array("{}".utf8), to: try #require(WebhookURL(url(port))), at: try #require(NetworkAddress("127.0.0.1")),
            headers: [("webhook-id", "m")], until: .now + wait)
        return (status, host.received)
    }

    @Test func `the connection goes to the address that was checked, and the name is for the Host field only`() async throws {
        // Nobody can resolve this name.
        let (status, requests) = try await post("204 No Content") { "http://hooks.invalid:\($0)/end?a=b" }
        #expect(status == 204)
        let request = try #require(requests.first)
        #expect(request.head.hasPrefix("POST /end?a=b HTTP/1.1\r\n"))
        #expect(request.field("Host")?.hasPrefix("hooks.invalid:") == true)
        #expect(request.field("Content-Type") == "application/json")
        #expect(request.field("webhook-id") == "m")
        #expect(request.body == Array("{}".utf8))
    }

    @Test func `a redirect is not followed`() async throws {
        let (status, requests) = try await post("302 Found\r\nLocation: /elsewhere") { "http://hooks.invalid:\($0)/" }
        #expect(status == 302)
        #expect(requests.count == 1)
    }

    @Test func `nobody there is no answer, nor is a server without TLS for an https address`() async throws {
        #expect(try await post("200 OK", to: { _ in "http://hooks.invalid:1/" }).status == nil)
        let (status, requests) = try await post("200 OK") { "https://hooks.invalid:\($0)/" }
        #expect(status == nil)
        #expect(requests.isEmpty)
    }

    @Test func `after the deadline nothing is sent`() async throws {
        let (status, requests) = try await post("200 OK", to: { "http://hooks.invalid:\($0)/" }, wait: .zero)
        #expect(status == nil)
        #expect(requests.isEmpty)
    }
}
