import Foundation
import Jobs
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import Web

/// Checks every answer for programs against the OpenAPI document, with a library for JSON Schema that is not ours.
///
/// One `Tests/Tools/contract.py` runs beside all tests. It takes one answer at a time and ends with the tests.
final class Contract: Sendable {
    static let shared = Contract()

    /// One answer as a line, and who waits for what is said about it.
    private typealias Question = (line: String, continuation: CheckedContinuation<String, any Error>)

    private let questions = AsyncStream.makeStream(of: Question.self)

    private init() {
        Task { [questions] in
            let failure: any Error
            do {
                try await Self.answer(questions.stream)
                failure = CancellationError()
            } catch { failure = error }
            for await question in questions.stream { question.continuation.resume(throwing: failure) }
        }
    }

    /// Fails the test when the answer is not what the document has for it. The pages are not in the document.
    func check(_ method: String, _ url: String, status: Int, headers: [String: String], body: String) async throws {
        guard let mounted = URL(string: url).flatMap({ MountedPath(guessing: $0.path(percentEncoded: true)) }),
            mounted.rules.isForPrograms || mounted.route == .health
        else { return }
        let path = mounted.path
        let fault = try await fault(method, String(path), status: status, headers: headers, body: body)
        if !fault.isEmpty { Issue.record("\(method) \(path) \(status): \(fault)\n\(body)") }
    }

    /// What an answer has that the document has not, or the other way round; empty when they agree.
    func fault(_ method: String, _ path: String, status: Int, headers: [String: String], body: String) async throws -> String {
        let answer: JSONValue = [
            "method": .string(method), "path": .string(path), "status": .number(Double(status)),
            "headers": .object(headers.mapValues(JSONValue.string)), "body": .string(body),
        ]
        let line = String(decoding: try JSONEncoder().encode(answer), as: UTF8.self)
        return try await withCheckedThrowingContinuation { questions.continuation.yield((line, $0)) }
    }

    /// The document as it is in these tests, wherever the service is mounted. What a request may have depends on Krea's routes, what an answer has does not.
    static func document() throws -> [UInt8] {
        JSONWriter.bytes(of: try OpenAPIDocument.json(at: Links(mount: "/krea", settings: .init()), keysMatter: false, catalogue: .builtIn))
    }

    private static func answer(_ questions: AsyncStream<Question>) async throws {
        let folder = try TemporaryFolder()
        try Data(document()).write(to: URL(filePath: folder.file("openapi.json")))
        let script = Stack.repository.appending(path: "Tests/Tools/contract.py")
        _ = try await run(
            .path("/usr/bin/python3"), arguments: [script.path, folder.file("openapi.json")], input: .inputWriter, output: .sequence,
            error: .combinedWithOutput
        ) { execution in
            var lines = execution.standardOutput.strings().makeAsyncIterator()
            for await question in questions {
                do {
                    _ = try await execution.standardInputWriter.write("\(question.line)\n")
                    guard let fault = try await lines.next() else { throw ProgramEnded(lines: []) }
                    question.continuation.resume(returning: fault)
                } catch {
                    question.continuation.resume(throwing: error)
                    throw error
                }
            }
        }
    }
}
