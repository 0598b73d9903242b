import HTTPTypes
import Logging
import TestSupport
import Testing

@testable import FastCGI

/// What the log says of requests, and how they are named.
@Suite struct RequestLogTests {
    private let recorder = LogRecorder()

    private func log(_ stages: Stages) -> [String] {
        let log = RequestLog(logger: recorder.logger, slowAfter: { .seconds(1) }, shownPath: { "shown \($0.count)" })
        log.answered(HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/secret"), id: "7", .accepted, stages)
        return recorder.lines
    }

    @Test func `a request is a line for debugging`() {
        #expect(
            log(Stages(running: .milliseconds(999))) == [
                "debug Answered a request. method=POST milliseconds=999 path=shown 7 request_id=7 status=202"
            ])
    }

    @Test(arguments: [
        (Stages(reading: .seconds(2), running: .seconds(1)), "reading"), (Stages(running: .seconds(1)), "running"),
        (Stages(running: .milliseconds(1), writing: .seconds(1)), "writing"),
    ])
    func `a slow one is a warning that says where the time went`(stages: Stages, stage: String) {
        let line = log(stages).first ?? ""
        #expect(line.hasPrefix("warning A request was slow. method=POST milliseconds="))
        #expect(line.contains(" stage=\(stage) "))
        #expect(!line.contains("secret"))
    }

    @Test func `what comes bit by bit takes as long as it wants`() {
        var stages = Stages()
        stages.add(.seconds(100), of: .streaming)
        stages.add(.seconds(100), of: .idle)
        stages.add(.milliseconds(5), of: .writing)
        #expect(stages.total == .milliseconds(5))
    }

    @Test(
        arguments: [
            ("a", "a"), (String(repeating: "~", count: 64), String(repeating: "~", count: 64)),
            (String(repeating: "a", count: 65), "request-7"),
            ("a b", "request-7"), ("ä", "request-7"), ("", "request-7"), (nil, "request-7"),
        ] as [(String?, String)])
    func `the web server's name for a request is in the answer, unless it is none`(given: String?, id: String) async throws {
        try await Harness.run { harness in
            let answer = try await harness.exchange([
                "REQUEST_METHOD": "GET", "REQUEST_URI": "/", given == nil ? "OTHER" : "REQUEST_ID": given ?? "",
            ])
            #expect(answer?["x-request-id"] == id)
        }
    }

    @Test func `a client cannot name its request`() async throws {
        try await Harness.run { harness in
            for name in ["HTTP_X_REQUEST_ID", "HTTP_REQUEST_ID"] {
                let answer = try await harness.exchange(["REQUEST_METHOD": "GET", "REQUEST_URI": "/", name: "a"])
                #expect(answer?["x-request-id"] == "request-7")
            }
        }
    }

    @Test func `the page of an error has the same name as its answer`() async throws {
        struct Failure: Error {}
        try await Harness.run(respond: { _, _, _ in throw Failure() }) { harness in
            let answer = try await harness.exchange(["REQUEST_METHOD": "GET", "REQUEST_URI": "/", "REQUEST_ID": "web-1"])
            #expect(answer?["x-request-id"] == "web-1")
            #expect(answer?.body == Array("internal_error web-1: Internal error".utf8))
        }
    }
}
