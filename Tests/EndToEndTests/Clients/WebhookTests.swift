import Foundation
import Glibc
import Jobs
import SQLiteStore
import TestSupport
import Testing

/// Krea's webhooks, sent by the simulator through nginx: each trick, and the pace that it may not break.
@Suite(.timeLimit(.minutes(5))) struct WebhookTests {
    /// Long enough for a webhook to make a difference: the next poll would come a minute later.
    private static let rarely = ["KREA_FCGI_POLL_INTERVAL_SECONDS": "60"]

    private func send(_ prompt: String, _ stack: Stack) async throws -> String {
        let answer = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "\#(prompt)"}"#)
        return try #require(try answer.json["job_id"]?.text)
    }

    private func expectPace(_ stack: Stack, _ rules: PaceRules = Stack.rules) async throws {
        #expect(try stack.kreaCalls().brokenRules(rules, flight: .milliseconds(100), webhooks: true).isEmpty)
        let audit = try await stack.command("audit")
        #expect(audit.status == 0, "\(audit.lines)")
    }

    @Test func `with webhooks a finished picture is fetched 5 s after the submission, though the next poll were a minute away`()
        async throws
    {
        let stack = try await Stack(webhooks: true, environment: Self.rarely)
        let id = try await send("a lighthouse", stack)
        try await stack.service.line { $0.contains("Krea has called") && $0.contains(id) }
        #expect(try await stack.finished(id)["status"] == "completed")
        var rules = Stack.rules
        rules.pollInterval = .seconds(60)
        let calls = try stack.kreaCalls()
        #expect(calls.filter(\.isPoll).count == 1)
        #expect(calls.brokenRules(rules, webhooks: true).isEmpty)
        #expect(calls[1].arrived - calls[0].arrived < .seconds(8))
    }

    @Test func `a webhook before the answer, twice, never, and none at all: every job has its picture, within the pace`() async throws {
        let stack = try await Stack(webhooks: true)
        var ids: [String] = []
        for words in ["", "[[webhook-early]]", "[[webhook-twice]]", "[[webhook-never]]", "[[webhook-early]] [[webhook-twice]]", "[[cut]]"] {
            ids.append(try await send("a lighthouse \(words)", stack))
        }
        for id in ids { #expect(try await stack.finished(id)["status"] == "completed") }
        let called = ids.map { id in stack.service.lines.contains { $0.contains("Krea has called") && $0.contains(id) } }
        // Of the first and the third a poll may have brought the picture before Krea called.
        #expect(called[1] && called[4] && !called[3])
        try await expectPace(stack)
    }

    @Test func `a picture that is made after the time-out is fetched when Krea calls`() async throws {
        let stack = try await Stack(
            simulator: ["--run-seconds", "2"], webhooks: true, environment: ["KREA_FCGI_MAX_POLLS": "2"])
        let id = try await send("a slow one", stack)
        try await stack.service.line { $0.contains(id) && $0.contains("state=timed_out") }
        try await stack.service.line { $0.contains(id) && $0.contains("state=completed") }
        #expect(try stack.kreaCalls().filter(\.isPoll).count == 3)
        #expect(try stack.kreaCalls().filter(\.isSubmission).count == 1)
    }

    @Test func `forged webhooks get the answer of true ones and bring nothing, replayed ones no call more`() async throws {
        let stack = try await Stack(webhooks: true)
        let id = try await send("a lighthouse", stack)
        let key = try await key(of: id, stack)
        let hooks = "\(stack.base)/api/webhooks/krea"
        for address in ["\(hooks)/\(key)", "\(hooks)/\(String(repeating: "0", count: 64))", "\(hooks)/\(id)"] {
            for _ in 0..<50 {
                let answer = try await HTTPTestClient.post(
                    address, json: #"{"job_id": "x", "status": "completed", "result": {"urls": ["x"]}}"#)
                #expect(answer.status == 204)
                #expect(answer.body.isEmpty)
            }
        }
        #expect(try await stack.finished(id)["status"] == "completed")
        try await expectPace(stack)
        let calls = try stack.kreaCalls().count
        let job = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)").body
        for _ in 0..<5 { #expect(try await HTTPTestClient.post("\(hooks)/\(key)", json: "{}").status == 204) }
        // Another job goes its way: what the replayed calls could have caused has had its time.
        _ = try await stack.finished(send("another [[webhook-never]]", stack))
        let later = try stack.kreaCalls().dropFirst(calls)
        #expect(Set(later.compactMap(\.kreaID)).count == 1)
        #expect(try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)").body == job)
        // Neither the service nor the web server has written the address down.
        #expect(!stack.service.lines.contains { $0.contains(key) })
        let requests = try String(contentsOfFile: stack.folder.file("access.log"), encoding: .utf8)
        #expect(requests.contains("/api/jobs"))
        #expect(!requests.contains("webhooks"))
    }

    @Test func `a webhook that another process receives wakes the one that dispatches`() async throws {
        let stack = try await Stack(webhooks: true, environment: Self.rarely)
        let variables = Self.rarely.merging(["KREA_FCGI_PUBLIC_URL": stack.base]) { $1 }
        try await stack.service.line { $0.contains("Dispatching") }
        let second = try Stack.serve(stack.folder, name: "second", krea: stack.krea, token: "simulator", variables)
        try await second.line { $0.contains("Serving FastCGI") }
        stack.service.signal(SIGKILL)
        _ = try await stack.service.exitStatus()
        try await second.line { $0.contains("Dispatching") }
        // nginx asks this one again, which stands by.
        let first = try Stack.serve(stack.folder, krea: stack.krea, token: "simulator", variables)
        try await first.line { $0.contains("Serving FastCGI") }
        let id = try await send("a lighthouse", stack)
        try await first.line { $0.contains("Krea has called") && $0.contains(id) }
        #expect(try await stack.finished(id, by: second)["status"] == "completed")
        #expect(try stack.kreaCalls().filter(\.isPoll).count == 1)
    }

    /// The end of the address that Krea was given for this job's one submission.
    private func key(of id: String, _ stack: Stack) async throws -> String {
        try await stack.service.line { $0.contains("Submitted a job") && $0.contains(id) }
        let store = try SQLiteStore(path: stack.folder.file("jobs.sqlite"), rules: Stack.rules)
        return try #require(try JobID(id).flatMap { try store.job($0) }?.job[1].webhookKey?.secret)
    }
}
