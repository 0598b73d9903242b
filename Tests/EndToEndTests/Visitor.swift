import AsyncHTTPClient
import Foundation
import Glibc
import Jobs
import NIOCore
import NIOHTTP1

/// Somebody who uses the service through the web server; follows no redirect by itself. Every answer for programs that goes through here
/// has to be as the OpenAPI document says; see ``Contract``.
enum Visitor {
    struct Answer: Sendable {
        let status: Int
        let body: String
        fileprivate let headers: HTTPHeaders

        /// The header field with this name; the first, if there are several.
        subscript(name: String) -> String? { headers[name].first }

        /// All header fields with this name.
        func all(_ name: String) -> [String] { headers[name] }

        var json: JSONValue {
            get throws { try JSONDecoder().decode(JSONValue.self, from: Data(body.utf8)) }
        }
    }

    private static let client = HTTPClient(configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))

    static func get(_ url: String, _ headers: [(String, String)] = []) async throws -> Answer {
        try await request("GET", url, headers)
    }

    /// Posts JSON.
    static func post(_ url: String, json: String, _ headers: [(String, String)] = []) async throws -> Answer {
        try await request("POST", url, [("Content-Type", "application/json")] + headers, body: json)
    }

    /// Posts a form as a browser does.
    static func post(_ url: String, form: [String: String], _ headers: [(String, String)] = []) async throws -> Answer {
        var plain = CharacterSet.alphanumerics
        plain.insert(charactersIn: "-._")
        let body = form.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: plain) ?? "")" }.joined(separator: "&")
        return try await request("POST", url, [("Content-Type", "application/x-www-form-urlencoded")] + headers, body: body)
    }

    static func request(_ method: String, _ url: String, _ headers: [(String, String)] = [], body: String? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await client.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 1 << 26)
        let answer = Answer(status: Int(response.status.code), body: String(buffer: bytes), headers: response.headers)
        try await Contract.shared.check(
            method, url, status: answer.status, headers: Dictionary(response.headers.map { ($0.name, $0.value) }) { $1 }, body: answer.body)
        return answer
    }

    /// What has come of an answer when `isEnough` of it; the whole, if it never is.
    static func beginning(of url: String, isEnough: (String) -> Bool) async throws -> String {
        let response = try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(90))
        var text = ""
        for try await bytes in response.body {
            text += String(buffer: bytes)
            if isEnough(text) { break }
        }
        return text
    }

    /// Returns once somebody accepts connections at `port`; throws when the program that shall do it has ended.
    static func waitUntilConnectable(port: Int, to program: ChildProcess) async throws {
        while true {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            let isConnected = Loopback.at(port) { connect(descriptor, $0, $1) } == 0
            if isConnected { return }
            guard program.isRunning else { throw ProgramEnded(lines: program.lines) }
            await Task.yield()
        }
    }
}
