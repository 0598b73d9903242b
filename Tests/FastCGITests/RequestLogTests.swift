import HTTPTypes
import Logging
import TestSupport
import Testing

@testable import FastCGI

/// What the log says of requests, and how they are named.
@Suite struct RequestLogTests {
    private let recorder = LogRecorder()

    private func log(_ timings: RequestTimings) -> [String] {
        let log = RequestLog(logger: recorder.logger, slowAfter: { .seconds(1) }, redactedPath: { "shown \($0.count)" })
        log.answered(.post, "/secret", id: "7", .accepted, timings)
        return recorder.lines
    }

    @Test func `a request is a line for debugging`() {
        #expect(
            log(RequestTimings(running: .milliseconds(999))) == [
                "debug Answered a request. method=POST milliseconds=999 path=shown 7 request_id=7 status=202"
            ])
    }

    @Test(arguments: [
        (RequestTimings(reading: .seconds(2), running: .seconds(1)), "reading"), (RequestTimings(running: .seconds(1)), "running"),
        (RequestTimings(running: .milliseconds(1), writing: .seconds(1)), "writing"),
    ])
    func `a slow one is a warning that says where the time went`(timings: RequestTimings, stage: String) {
        let line = log(timings).first ?? ""
        #expect(line.hasPrefix("warning A request was slow. method=POST milliseconds="))
        #expect(line.contains(" stage=\(stage) "))
        #expect(!line.contains("secret"))
    }

    @Test func `the time for which a request is held does not count, and that of each piece does`() {
        var timings = RequestTimings()
        timings.add(.seconds(100), of: .idle)
        timings.add(.milliseconds(5), of: .writing)
        timings += RequestTimings(reading: .milliseconds(1), running: .milliseconds(2), writing: .milliseconds(3))
        #expect(timings == RequestTimings(reading: .milliseconds(1), running: .milliseconds(2), writing: .milliseconds(8)))
        #expect(timings.total == .milliseconds(11))
    }

    @Test(
        arguments: [
            ("a", "a"), (String(repeating: "~", count: 64), String(repeating: "~", count: 64)),
            (String(repeating: "a", count: 65), "request-7"),
            ("a b", "request-7"), ("ä", "request-7"), ("", "request-7"), (nil, "request-7"),
        ] as [(String?, String)])
    func `the web server's name for a request is in the answer, unless it is none`(given: String?, id: String) async throws {
        try await ServerFixture.run { fixture in
            let answer = try await fixture.exchange([
                "REQUEST_METHOD": "GET", "REQUEST_URI": "/", given == nil ? "OTHER" : "REQUEST_ID": given ?? "",
            ])
            #expect(answer?["x-request-id"] == id)
        }
    }

    @Test func `a client cannot name its request`() async throws {
        try await ServerFixture.run { fixture in
            for name in ["HTTP_X_REQUEST_ID", "HTTP_REQUEST_ID"] {
                let answer = try await fixture.exchange(["REQUEST_METHOD": "GET", "REQUEST_URI": "/", name: "a"])
                #expect(answer?["x-request-id"] == "request-7")
            }
        }
    }

    @Test func `the page of an error has the same name as its answer`() async throws {
        struct Failure: Error {}
        try await ServerFixture.run(respond: { _, _, _ in throw Failure() }) { fixture in
            let answer = try await fixture.exchange(["REQUEST_METHOD": "GET", "REQUEST_URI": "/", "REQUEST_ID": "web-1"])
            #expect(answer?["x-request-id"] == "web-1")
            #expect(answer?.body == Array("internal_error web-1: Internal error".utf8))
        }
    }
}
