import Answers
import FastCGI
import HTTPTypes
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport

/// A server of FastCGI that hostile peers connect to.
package final class RecordFuzz: Sendable {
    private let folder: TemporaryFolder
    private let target: FastCGIClient.Target
    private let wrong = WrongBody()
    private let group: ServiceGroup
    private let expected: [UInt8]

    /// Begins to listen; ``serve()`` has to run while inputs are tried.
    package init() throws {
        folder = try TemporaryFolder()
        target = .unix(path: folder.file("fastcgi.sock"))
        let quiet = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
        let server = try Server(
            socket: .open(.unix(path: folder.file("fastcgi.sock"))), settings: .init(threads: 2, ioTimeout: .seconds(2), drainTime: .zero),
            logger: quiet, respond: { [wrong] in try wrong.respond($0, $1, $2, $3) },
            problemPage: { _, problem in
                (HTTPResponse(status: problem.status, headerFields: [.contentType: "text/plain"]), Array(problem.sentence.utf8))
            }, requestID: { "request-7" })
        group = ServiceGroup(services: [server], logger: quiet)
        expected = Array("POST /honest?x=1 [] 5".utf8)
    }

    /// Serves until ``stop()``.
    package func serve() async throws { try await group.run() }

    package func stop() async { await group.triggerGracefulShutdown() }

    /// Sends what the input says, waits for the end of the connection, and asks honestly on another. Throws a ``Finding``.
    ///
    /// Blocks.
    package func run(_ input: [UInt8]) throws {
        let script = RecordScript(input)
        guard !LibraryWeakness.isMet(by: Array(script.parts.joined())) else { return }
        let client = try FastCGIClient(target)
        do {
            for part in script.parts where !part.isEmpty { try client.send(part) }
        } catch {
            // The server need not wait for the end of what it has refused.
        }
        client.finishSending()
        do {
            try OutputCheck(client.receiveRest()).run()
        } catch let failure as FastCGIClient.Failure { throw Finding("The connection does not end: \(failure)") }
        if let words = wrong.take() { throw Finding(words) }
        try askHonestly()
    }

    private func askHonestly() throws {
        let answer = try FastCGIClient(target).exchange(
            ["REQUEST_METHOD": "POST", "REQUEST_URI": "/honest?x=1", "CONTENT_LENGTH": "5"], body: Array("hello".utf8))
        guard let answer, answer.status == 200, answer.body == expected, answer.protocolStatus == 0 else {
            throw Finding("An honest request got \(answer.map { "\($0.status) \($0.text)" } ?? "nothing").")
        }
    }
}

/// A responder that says what it was given, and remembers a body of another length than was announced.
private final class WrongBody: Sendable {
    private let words = Mutex<String?>(nil)

    /// What was found since it was last asked for.
    func take() -> String? {
        words.withLock { words in
            defer { words = nil }
            return words
        }
    }

    func respond(
        _ request: HTTPRequest, _ variables: CGIVariables, _ body: [UInt8], _ mayWait: Bool
    ) throws -> Answer {
        let announced = request.headerFields[.contentLength]
        if let announced, Int(announced) != body.count {
            words.withLock { $0 = "The responder was given a body of \(body.count) bytes where \(announced) were announced." }
        }
        let others = request.headerFields.filter { $0.name != .contentLength }.map { "\($0.name)" }
        return Answer(
            HTTPResponse(status: .ok), Array("\(request.method) \(request.path ?? "-") \(others) \(body.count)".utf8))
    }
}
