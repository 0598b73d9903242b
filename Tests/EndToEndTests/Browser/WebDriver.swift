import Foundation
import Glibc
import Jobs

/// The W3C WebDriver protocol over HTTP: a chromedriver of its own, which ends with the object, and with it the browsers it has started.
final class WebDriver: Sendable {
    /// What the driver says when a command does not work: https://www.w3.org/TR/webdriver2/#errors
    struct Failure: Error, CustomStringConvertible {
        let command: String
        let code: String
        let message: String
        var description: String { "\(command): \(code): \(message)" }
    }

    private let program: ChildProcess
    private let base: String

    init(home: String) async throws {
        program = ChildProcess(URL(filePath: "/usr/bin/chromedriver"), ["--port=0"], environment: ["HOME": home])
        let ready = try await program.line { $0.contains("started successfully on port ") }
        base = "http://127.0.0.1:\(ready.split { !$0.isNumber }.last ?? "")"
    }

    /// Carries out one command, and returns its value.
    ///
    /// - Throws: ``Failure``, and what the HTTP client throws.
    @discardableResult
    func command(_ method: String, _ path: String, _ parameters: [String: JSONValue]? = nil) async throws -> JSONValue {
        let body = try parameters.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        let answer = try await HTTPTestClient.request(method, base + path, [("Content-Type", "application/json")], body: body)
        let value = try answer.json["value"] ?? .null
        guard answer.status == 200 else {
            let message = value["message"]?.text?.split(separator: "\n").first ?? ""
            throw Failure(command: "\(method) \(path)", code: value["error"]?.text ?? "\(answer.status)", message: String(message))
        }
        return value
    }

    /// Ends the driver.
    func end() async {
        program.signal(SIGTERM)
        _ = try? await program.exitStatus()
    }
}
