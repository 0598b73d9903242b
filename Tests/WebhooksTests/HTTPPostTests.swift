import FlyingFox
import FlyingSocks
import Foundation
import HTTPClient
import Jobs
import Synchronization
import Testing

@testable import Webhooks

/// One exchange over a real connection.
@Suite(.timeLimit(.minutes(5))) struct HTTPPostTests {
    /// Keeps what came, and answers with one status.
    private final class Receiver: HTTPHandler {
        private let requests = Mutex<[(head: HTTPRequest, body: Data)]>([])
        private let status: HTTPStatusCode
        private let headers: HTTPHeaders

        var received: [(head: HTTPRequest, body: Data)] { requests.withLock(\.self) }

        init(_ status: HTTPStatusCode, headers: HTTPHeaders = [:]) {
            self.status = status
            self.headers = headers
        }

        func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
            let body = try await request.bodyData
            requests.withLock { $0.append((request, body)) }
            return HTTPResponse(statusCode: status, headers: headers, body: Data(repeating: 0x20, count: 1 << 20))
        }
    }

    /// The status, with a server on this machine in which `receiver` takes every request.
    private func status(from receiver: Receiver, _ url: (_ port: UInt16) -> String, wait: Duration = .seconds(10)) async throws -> Int? {
        let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: 0), logger: .disabled)
        await server.appendRoute("*", to: receiver)
        let serving = Task { try await server.run() }
        defer { serving.cancel() }
        try await server.waitUntilListening()
        guard case .ip4(_, let port)? = await server.listeningAddress else { return nil }
        return await HTTPPost(client: HTTPClient(), userAgent: "test").status(
            of: Array("{}".utf8), to: try #require(WebhookURL(url(port))), at: try #require(NetworkAddress("127.0.0.1")),
            headers: [("webhook-id", "m")], until: .now + wait)
    }

    @Test func `the connection goes to the address that was checked, and the name is for the Host field only`() async throws {
        let receiver = Receiver(.noContent)
        // Nobody can resolve this name.
        #expect(try await status(from: receiver) { "http://hooks.invalid:\($0)/end?a=b" } == 204)
        let request = try #require(receiver.received.first)
        #expect(request.head.method == .POST)
        #expect(request.head.target.rawValue == "/end?a=b")
        #expect(request.head.headers[.host]?.hasPrefix("hooks.invalid:") == true)
        #expect(request.head.headers[.contentType] == "application/json")
        #expect(request.head.headers[HTTPHeader("webhook-id")] == "m")
        #expect(request.body == Data("{}".utf8))
    }

    @Test func `a redirect is not followed`() async throws {
        let receiver = Receiver(.found, headers: [.location: "/elsewhere"])
        #expect(try await status(from: receiver) { "http://hooks.invalid:\($0)/" } == 302)
        #expect(receiver.received.count == 1)
    }

    @Test func `nobody there is no answer, nor is a server without TLS for an https address`() async throws {
        #expect(try await status(from: Receiver(.ok)) { _ in "http://hooks.invalid:1/" } == nil)
        let plain = Receiver(.ok)
        #expect(try await status(from: plain) { "https://hooks.invalid:\($0)/" } == nil)
        #expect(plain.received.isEmpty)
    }

    @Test func `after the deadline nothing is sent`() async throws {
        let receiver = Receiver(.ok)
        #expect(try await status(from: receiver, { "http://hooks.invalid:\($0)/" }, wait: .zero) == nil)
        #expect(receiver.received.isEmpty)
    }
}
