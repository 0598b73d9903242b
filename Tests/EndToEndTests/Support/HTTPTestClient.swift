import Foundation
import Glibc
import HTTPClient
import Jobs
import TestSupport

/// Somebody who uses the service through the web server; follows no redirect by itself. Every answer for programs that goes through here
/// has to be as the OpenAPI document says; see ``Contract``.
enum HTTPTestClient {
    struct Answer: Sendable {
        let status: Int
        let body: String
        fileprivate let headers: ResponseFields

        /// The header field with this name; the first, if there are several.
        subscript(name: String) -> String? { headers[name] }

        /// All header fields with this name.
        func all(_ name: String) -> [String] { headers[every: name] }

        var json: JSONValue {
            get throws { try JSONDecoder().decode(JSONValue.self, from: Data(body.utf8)) }
        }
    }

    private static let client = HTTPClient()

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
        let request = ClientRequest(
            method, url, fields: headers.map { ($0.0, $0.1) }, body: body.map { Array($0.utf8) }, until: .now + .seconds(30),
            bodyLimit: 1 << 26)
        let response = try await client.perform(request)
        let answer = Answer(status: response.status, body: String(decoding: response.body, as: UTF8.self), headers: response.fields)
        try await Contract.shared.check(
            method, url, status: answer.status, headers: Dictionary(response.fields.all.map { ($0.name, $0.value) }) { $1 },
            body: answer.body)
        return answer
    }

    /// What has come of an answer when `isEnough` of it; the whole, if it never is.
    static func beginning(of url: String, isEnough: (String) -> Bool) async throws -> String {
        let response = try await client.open(ClientRequest("GET", url, until: .now + .seconds(90), bodyLimit: 1 << 26))
        var text = ""
        while !isEnough(text), let bytes = try await response.next() { text += String(decoding: bytes, as: UTF8.self) }
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
