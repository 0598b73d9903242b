import Foundation
import TestSupport
import Testing

/// What nginx's recipe tells the service of the host that a request was sent to.
@Suite(.timeLimit(.minutes(5))) struct HostTests {
    /// Sends a request by hand and returns its first line. The form has an origin, so that 303 means that it is that of the request, 403 that it
    /// is not.
    private func post(_ stack: Stack, _ requestLine: String, host: String?, origin: String) async throws -> String {
        let client = try SlowClient(stack.origin)
        let body = "prompt=a+lighthouse"
        let fields = [
            host.map { "Host: \($0)" }, "Origin: \(origin)", "Content-Type: application/x-www-form-urlencoded",
            "Content-Length: \(body.count)",
        ]
        try client.send("\(requestLine)\r\n\(fields.compactMap(\.self).joined(separator: "\r\n"))\r\nConnection: close\r\n\r\n\(body)".utf8)
        let line = try await client.statusLine()
        return String(line.split(separator: " ").dropFirst().first ?? "")
    }

    @Test func `the host and its port are those that the client wrote`() async throws {
        let stack = try await Stack()
        let line = "POST /krea/ HTTP/1.1"
        let rows = [
            ("pictures.example:8080", "http://pictures.example:8080", "303"), ("Pictures.Example", "http://pictures.example", "303"),
            ("pictures.example:80", "http://pictures.example", "303"), ("[::1]:8080", "http://[::1]:8080", "303"),
            ("[::1]", "http://[::1]", "303"), ("pictures.example:8080", "http://pictures.example:8081", "403"),
            ("pictures.example", "http://pictures.example:8081", "403"), ("pictures.example", "https://pictures.example", "403"),
            ("pictures.example:8080", "http://other.example:8080", "403"), ("[::1]:8080", "http://[::1]:8081", "403"),
        ]
        for (host, origin, status) in rows {
            #expect(try await post(stack, line, host: host, origin: origin) == status, "\(host) \(origin)")
        }
    }

    @Test func `a request without a Host field, as one over HTTP/3 is for nginx, was sent to this server's own port`() async throws {
        let port = try Stack.freePort()
        let named = "server_name pictures.example;"
        let stack = try await Stack(edits: ["# krea-fcgi behind nginx:": "\(named) listen 127.0.0.1:\(port);\n# krea-fcgi behind nginx:"])
        let own = stack.origin.split(separator: ":").last ?? ""
        let line = "POST /krea/ HTTP/1.0"
        #expect(try await post(stack, line, host: nil, origin: "http://pictures.example:\(own)") == "303")
        #expect(try await post(stack, line, host: nil, origin: "http://pictures.example:\(port)") == "403")
        #expect(try await post(stack, line, host: nil, origin: "http://pictures.example") == "403")
    }

    @Test func `of an absolute target and a Host field that differ the target counts`() async throws {
        let stack = try await Stack()
        let line = "POST http://pictures.example/krea/ HTTP/1.1"
        #expect(try await post(stack, line, host: "other.example", origin: "http://pictures.example") == "303")
        #expect(try await post(stack, line, host: "other.example", origin: "http://other.example") == "403")
    }
}
