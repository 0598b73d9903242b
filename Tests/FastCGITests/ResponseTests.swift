import FastCGI
import HTTPTypes
import TestSupport
import Testing

/// What a responder's answer looks like on the wire.
@Suite struct ResponseTests {
    private static let text = Array("Hello".utf8)

    private func answer(_ method: String, respond: @escaping ServerFixture.PlainResponder) async throws -> (FastCGIAnswer?, next: Int?) {
        try await ServerFixture.run(respond: { request, variables, body in
            try request.path == "/next" ? ServerFixture.echo(request, variables, body) : respond(request, variables, body)
        }) { server in
            try await server.connection { client in
                let answer = try client.exchange(["REQUEST_METHOD": method, "REQUEST_URI": "/"], isKept: true)
                return (answer, try client.exchange(["REQUEST_METHOD": "GET", "REQUEST_URI": "/next"])?.status)
            }
        }
    }

    @Test func `status, fields and body are sent in order, with a Content-Length`() async throws {
        let (answer, _) = try await answer("GET") { _, _, _ in
            var response = HTTPResponse(status: .created, headerFields: [.contentType: "text/plain"])
            response.headerFields.append(HTTPField(name: .setCookie, value: "a=1"))
            response.headerFields.append(HTTPField(name: .setCookie, value: "b=2"))
            return (response, Self.text)
        }
        #expect(
            answer?.fields.map { "\($0.name): \($0.value)" } == [
                "status: 201 Created", "content-type: text/plain", "set-cookie: a=1", "set-cookie: b=2", "x-request-id: request-7",
                "content-length: 5",
            ])
        #expect(answer?.text == "Hello")
    }

    @Test(arguments: ["3", "50", "x"])
    func `a Content-Length that the responder gives wrong is not sent; that of the body is`(length: String) async throws {
        let (answer, next) = try await answer("GET") { _, _, _ in
            (HTTPResponse(status: .ok, headerFields: [.contentLength: length]), Self.text)
        }
        #expect(answer?.fields.filter { $0.name == "content-length" }.map(\.value) == ["5"])
        #expect(answer?.text == "Hello")
        #expect(next == 200)
    }

    @Test(arguments: [nil, "77"])
    func `HEAD is answered with the head of GET and no body`(length: String?) async throws {
        let (answer, next) = try await answer("HEAD") { _, _, _ in
            var response = HTTPResponse(status: .ok)
            response.headerFields[.contentLength] = length
            return (response, length == nil ? Self.text : [])
        }
        #expect(answer?.status == 200)
        #expect(answer?["content-length"] == length ?? "5")
        #expect(answer?.body == [])
        #expect(next == 200)
    }

    @Test(arguments: [204, 304])
    func `204 and 304 have neither a body nor a made-up Content-Length`(code: Int) async throws {
        let (answer, next) = try await answer("GET") { _, _, _ in
            (HTTPResponse(status: .init(code: code), headerFields: [.eTag: "\"1\""]), Self.text)
        }
        #expect(answer?.fields.map(\.name) == ["status", "etag", "x-request-id"])
        #expect(answer?.status == code)
        #expect(answer?.body == [])
        #expect(next == 200)
    }

    @Test(arguments: [8184, 8185, 65_536, 3_000_000])
    func `a body larger than libfcgi's buffer and one record arrives whole`(count: Int) async throws {
        let body = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let (answer, next) = try await answer("GET") { _, _, _ in (HTTPResponse(status: .ok), body) }
        #expect(answer?.body == body)
        #expect(next == 200)
    }

    @Test func `line ends in field values and reason phrases never reach the web server`() async throws {
        let (answer, _) = try await answer("GET") { _, _, _ in
            var response = HTTPResponse(status: .init(code: 200, reasonPhrase: "OK\r\nX-Evil: 1"))
            response.headerFields.append(HTTPField(name: .location, value: "/a\r\nX-Evil: 1\r\n\r\n<script>"))
            response.headerFields.append(HTTPField(name: .eTag, lenientValue: Array("1\nX-Evil: 1".utf8)))
            return (response, Self.text)
        }
        #expect(answer?.fields.map(\.name) == ["status", "location", "etag", "x-request-id", "content-length"])
        #expect(answer?.text == "Hello")
    }

    @Test func `a responder that throws is answered for with 500, and the next request is served`() async throws {
        struct Failure: Error {}
        let (answer, next) = try await answer("GET") { _, _, _ in throw Failure() }
        #expect(answer?.status == 500)
        #expect(answer?.text == "internal_error request-7: Internal error")
        #expect(next == 200)
    }

    @Test func `to HEAD, a problem is answered without a body`() async throws {
        struct Failure: Error {}
        let (answer, _) = try await answer("HEAD") { _, _, _ in throw Failure() }
        #expect(answer?.status == 500)
        #expect(answer?.body == [])
    }
}
