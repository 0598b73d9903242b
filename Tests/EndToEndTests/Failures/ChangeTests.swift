import Foundation
import Jobs
import TestSupport
import Testing

/// What people and programs can do about a job after they have sent it, and what keeps them from sending too much.
@Suite(.timeLimit(.minutes(5))) struct ChangeTests {
    private func send(_ prompt: String, _ stack: Stack, key: String? = nil) async throws -> HTTPTestClient.Answer {
        try await HTTPTestClient.post(
            "\(stack.base)/api/jobs", json: #"{"prompt": "\#(prompt)"}"#, key.map { [("Idempotency-Key", $0)] } ?? [])
    }

    private func id(_ answer: HTTPTestClient.Answer) throws -> String {
        try #require(try answer.json["job_id"]?.text)
    }

    @Test func `a request that is sent again with its key brings the same job, with another body an error`() async throws {
        let stack = try await Stack()
        let first = try await send("a lighthouse", stack, key: "k1")
        let again = try await send("a lighthouse", stack, key: "k1")
        #expect(first.status == 202)
        #expect(again.status == 200)
        #expect(try id(first) == id(again))
        #expect(try await send("another", stack, key: "k1").status == 422)
        let other = try await id(send("a lighthouse", stack, key: "k2"))
        #expect(try id(first) != other)
    }

    @Test func `a running job is cancelled at Krea, a finished one is 409`() async throws {
        let stack = try await Stack(simulator: ["--run-seconds", "3600"], environment: ["KREA_FCGI_MAX_POLLS": "100000"])
        let job = try await id(send("a lighthouse", stack))
        try await stack.service.line { $0.contains("Submitted a job") && $0.contains(job) }
        let cancelled = try await HTTPTestClient.request("DELETE", "\(stack.base)/api/jobs/\(job)")
        #expect(cancelled.status == 202)
        #expect(try await stack.finished(job)["status"] == "cancelled")
        #expect(try stack.kreaCalls().contains { $0.method == "DELETE" })
        let again = try await HTTPTestClient.request("DELETE", "\(stack.base)/api/jobs/\(job)")
        #expect(again.status == 409)
        #expect(try again.json["job"]?["job_id"]?.text == job)
    }

    @Test func `a waiting job is cancelled with the button, without JavaScript, and never sent`() async throws {
        let stack = try await Stack(environment: ["KREA_FCGI_SUBMIT_INTERVAL_SECONDS": "3600"])
        _ = try await send("first", stack)
        let job = try await id(send("second", stack))
        let page = try await HTTPTestClient.get("\(stack.base)/jobs/\(job)", [("Cookie", "script=1")])
        let action = try #require(page.body.firstMatch(of: /action="(\/krea\/jobs\/[^"]+\/cancel)"/)?.1)
        let pressed = try await HTTPTestClient.post(stack.origin + String(action), form: [:])
        #expect(pressed.status == 303)
        #expect(try await HTTPTestClient.get("\(stack.base)/api/jobs/\(job)").json["state"] == "cancelled")
        #expect(try !stack.kreaCalls().contains { $0.prompt == "second" })
    }

    @Test func `a job that timed out is looked at again`() async throws {
        // The first three polls bring nothing, however long they take.
        let stack = try await Stack(environment: ["KREA_FCGI_MAX_POLLS": "3"])
        let job = try await id(send("a slow one [[500-poll:3]]", stack))
        #expect(try await stack.finished(job)["error"]?["code"] == "timed_out")
        var state = "timed_out"
        while state == "timed_out" {
            let known = stack.service.lines.count
            #expect(try await HTTPTestClient.request("POST", "\(stack.base)/api/jobs/\(job)/resume").status == 202)
            try await stack.service.line(after: known) { line in
                line.contains(job) && ["completed", "timed_out"].contains { line.contains("state=\($0)") }
            }
            state = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(job)").json["state"]?.text ?? ""
        }
        #expect(state == "completed")
        #expect(try stack.kreaCalls().filter(\.isSubmission).count == 1)
    }

    @Test func `a client with too many waiting jobs gets 429 and when there is room again`() async throws {
        let stack = try await Stack(
            environment: ["KREA_FCGI_QUEUE_LIMIT_PER_CLIENT": "2", "KREA_FCGI_SUBMIT_INTERVAL_SECONDS": "3600"])
        let first = try await id(send("1", stack))
        try await stack.service.line { $0.contains("Submitted a job") && $0.contains(first) }
        _ = try await send("2", stack)
        _ = try await send("3", stack)
        let refused = try await send("4", stack)
        #expect(refused.status == 429)
        #expect(try refused.json["code"] == "queue_full")
        #expect(refused["Retry-After"].flatMap { Int($0) } ?? 0 > 30)
    }

    @Test func `a refused token holds the queue until the operator lets it go on`() async throws {
        let stack = try await Stack()
        let first = try await id(send("first [[401:1]]", stack))
        #expect(try await stack.finished(first)["error"]?["code"] == "unauthorized")
        let second = try await id(send("second", stack))
        let waiting = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(second)").json
        #expect(waiting["state"] == "waiting")
        #expect(waiting["starts_at"] == .null)
        #expect(try await stack.command("continue").status == 0)
        #expect(try await stack.finished(second)["status"] == "completed")
    }
}
