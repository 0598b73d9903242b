import FastCGI
import TestSupport
import Testing

/// CGI variables to HTTP, as the web servers send them.
@Suite struct RequestHeadTests {
    /// The lines of the echo but for the last, which counts the body.
    private func echo(_ parameters: KeyValuePairs<String, String>) async throws -> [String] {
        let answer = try await ServerFixture.run { server in try await server.exchange(parameters) }
        return (answer?.text ?? "").split(separator: "\n").dropLast().map(String.init)
    }

    @Test func `nginx's parameters become a request with the raw target, the authority, fields and variables`() async throws {
        #expect(
            try await echo([
                "QUERY_STRING": "x=1&y=%2F", "REQUEST_METHOD": "GET", "CONTENT_TYPE": "", "CONTENT_LENGTH": "",
                "SCRIPT_NAME": "/u/a b/params", "REQUEST_URI": "/u/a%20b/params?x=1&y=%2F", "DOCUMENT_URI": "/u/a b/params",
                "SERVER_PROTOCOL": "HTTP/1.1", "REQUEST_SCHEME": "https", "HTTPS": "on", "REMOTE_ADDR": "192.0.2.7", "REMOTE_USER": "",
                "HTTP_HOST": "example.org", "HTTP_ACCEPT": "*/*", "HTTP_IF_NONE_MATCH": "\"1\"", "HTTP_X_FORWARDED_FOR": "192.0.2.8",
            ]) == [
                "GET /u/a%20b/params?x=1&y=%2F https example.org", "accept: */*", "if-none-match: \"1\"", "x-forwarded-for: 192.0.2.8",
                "REMOTE_ADDR=192.0.2.7", "SCRIPT_NAME=/u/a b/params",
            ]
        )
    }

    @Test(arguments: [("9", "-1", []), ("-1", "0", ["content-length: 0"])])
    func `of two CONTENT_LENGTH the last counts, for the field as for the body`(first: String, last: String, fields: [String]) async throws
    {
        #expect(
            try await echo(["REQUEST_METHOD": "POST", "REQUEST_URI": "/a", "CONTENT_LENGTH": first, "CONTENT_LENGTH": last])
                .map { $0.lowercased() } == ["post /a http -"] + fields)
    }

    @Test(arguments: [("on", "https"), ("1", "https"), ("", "http"), ("off", "http")])
    func `HTTPS says the scheme`(value: String, scheme: String) async throws {
        #expect(try await echo(["REQUEST_METHOD": "GET", "REQUEST_URI": "/", "HTTPS": value]) == ["GET / \(scheme) -"])
    }

    @Test func `without REQUEST_URI the target is put together from the decoded parts`() async throws {
        #expect(
            try await echo(["REQUEST_METHOD": "GET", "SCRIPT_NAME": "/u v", "PATH_INFO": "/ä%?#/b", "QUERY_STRING": "q=%20"])
                == ["GET /u%20v/%C3%A4%25%3F%23/b?q=%20 http -", "SCRIPT_NAME=/u v"]
        )
        #expect(try await echo(["REQUEST_METHOD": "GET"]) == ["GET / http -"])
    }

    @Test func `a name that is no field name is skipped; HTTP_PROXY is a field like any other`() async throws {
        #expect(
            try await echo([
                "REQUEST_METHOD": "GET", "REQUEST_URI": "/", "HTTP_": "1", "HTTP_:PATH": "/x", "HTTP_A B": "2", "HTTP_A:": "3",
                "HTTP_Ä": "4", "": "5",
                "HTTP_PROXY": "http://evil.example", "PATH": "/bin",
            ]) == ["GET / http -", "proxy: http://evil.example"]
        )
    }

    @Test func `Content-Type and Content-Length come once, from the CGI variables`() async throws {
        #expect(
            try await echo([
                "REQUEST_METHOD": "POST", "REQUEST_URI": "/", "HTTP_CONTENT_LENGTH": "9", "HTTP_CONTENT_TYPE": "a/b",
                "CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": "0",
            ]) == ["POST / http -", "Content-Type: text/plain", "Content-Length: 0"]
        )
    }

    @Test func `bytes that are no UTF-8 do no harm`() async throws {
        let status = try await ServerFixture.run { server in
            try await server.connection { client in
                let pairs = FastCGIRecord.pairs(["REQUEST_METHOD": "GET", "REQUEST_URI": "/ab", "HTTP_X": "ab", "REMOTE_USER": "ab"])
                let broken = pairs.map { $0 == UInt8(ascii: "b") ? 0xFF : $0 }
                try client.send(
                    .begin(), FastCGIRecord(.parameters, broken), FastCGIRecord(.parameters), FastCGIRecord(.standardInput))
                return try client.receiveAnswer()?.status
            }
        }
        #expect(status == 200)
    }

    @Test func `bytes that are not UTF-8 are never repaired: two users stay two, a target is encoded, anything else is not there`()
        async throws
    {
        let lines = try await ServerFixture.run { server in
            try await server.connection { client in
                func lines(_ byte: UInt8) throws -> [String] {
                    let pairs = FastCGIRecord.pairs([
                        "REQUEST_METHOD": "GET", "REQUEST_URI": "/a\u{7F}?\u{7F}", "REMOTE_USER": "jos\u{7F}", "REMOTE_ADDR": "\u{7F}",
                        "SCRIPT_NAME": "/\u{7F}",
                        "HTTP_HOST": "\u{7F}.example",
                    ])
                    try client.send(
                        .begin(isKept: true), FastCGIRecord(.parameters, pairs.map { $0 == 0x7F ? byte : $0 }), FastCGIRecord(.parameters),
                        FastCGIRecord(.standardInput))
                    return try (client.receiveAnswer()?.text ?? "").split(separator: "\n").dropLast().map(String.init)
                }
                return try [lines(0xE9), lines(0xE8)]
            }
        }
        #expect(lines[0] == ["GET /a%E9?%E9 http -", "REMOTE_USER=jos%E9"])
        #expect(lines[1] == ["GET /a%E8?%E8 http -", "REMOTE_USER=jos%E8"])
    }

    @Test(arguments: [("José", "José"), ("Jose\u{301}", "Jose\u{301}"), ("jos%E9", "jos%25E9"), ("O=Example,CN=eve", "O=Example,CN=eve")])
    func `a user's name comes as it is, but for a percent sign, which what is no text needs`(name: String, shown: String) async throws {
        let lines = try await echo(["REQUEST_METHOD": "GET", "REQUEST_URI": "/", "REMOTE_USER": name])
        #expect(lines.last.map { Array($0.utf8) } == Array("REMOTE_USER=\(shown)".utf8))
    }

    @Test(arguments: ["", "G T", "GET\n"])
    func `a method that is none is answered with 400`(method: String) async throws {
        let answer = try await ServerFixture.run { server in
            try await server.exchange(["REQUEST_METHOD": method, "REQUEST_URI": "/"])
        }
        #expect(answer?.status == 400)
    }
}
