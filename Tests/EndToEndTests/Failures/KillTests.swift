import Foundation
import Glibc
import Jobs
import TestSupport
import Testing

/// Two real processes on one store, killed and stopped while jobs flow through nginx.
@Suite(.timeLimit(.minutes(10))) struct KillTests {
    private static let kills = 50
    private static let seed: UInt64 = 3

    @Test func `after 50 kills at random moments every job has its picture, none was paid for twice, and the pace held`() async throws {
        let stack = try await Stack(simulator: ["--run-seconds", "0.2"])
        var random = SeededGenerator(seed: Self.seed)
        let moods = ["", "", "[[cut]]", "[[cut-before]]", "[[truncated]]", "[[500]]", "[[502-created]]", "[[500-poll]]"]
        var leader = stack.service
        var leaderName = "krea-fcgi"
        try await leader.line { $0.contains("Dispatching") }
        var standby = try Stack.serve(stack.folder, name: "second", krea: stack.krea, token: "simulator")
        try await standby.line { $0.contains("Serving FastCGI") }
        var ids: [String] = []
        for kill in 0..<Self.kills {
            let said = leader.lines.count
            for _ in 0..<2 {
                let prompt = "picture \(ids.count) \(moods.randomElement(using: &random) ?? "")"
                ids.append(try await Self.send(prompt, key: "\(ids.count)", stack))
            }
            // Two new jobs bring at least four lines: each is submitted, and asked for. They may have been said already when this is reached.
            try await leader.line(after: said + Int.random(in: 0...3, using: &random)) { _ in true }
            leader.signal(SIGKILL)
            _ = try await leader.exitStatus()
            try await standby.line { $0.contains("Dispatching") }
            let replacement = try Stack.serve(stack.folder, name: leaderName, krea: stack.krea, token: "simulator")
            try await replacement.line { $0.contains("Serving FastCGI") }
            (leader, standby) = (standby, replacement)
            leaderName = kill % 2 == 0 ? "second" : "krea-fcgi"
        }
        for id in ids { #expect(try await stack.finished(id, by: leader)["status"] == "completed", "\(id)") }

        let calls = try stack.kreaCalls()
        let created = calls.filter { $0.isSubmission && $0.kreaID != nil }.compactMap(\.prompt)
        #expect(created.count == ids.count)
        #expect(Set(created).count == ids.count)
        #expect(calls.brokenRules(Stack.rules).isEmpty)
        let audit = try await stack.command("audit")
        #expect(audit.status == 0, "\(audit.lines)")
    }

    @Test func `a process that is stopped is replaced, and when it goes on it finds itself leadershipLost`() async throws {
        let stack = try await Stack()
        try await stack.service.line { $0.contains("Dispatching") }
        let second = try Stack.serve(stack.folder, name: "second", krea: stack.krea, token: "simulator")
        try await second.line { $0.contains("Serving FastCGI") }
        stack.service.signal(SIGSTOP)
        try await second.line { $0.contains("Dispatching") }
        stack.service.signal(SIGCONT)
        try await stack.service.line { $0.contains("No longer dispatching") }
        let id = try await Self.send("a lighthouse", key: "1", stack)
        #expect(try await stack.finished(id, by: second)["status"] == "completed")
        #expect(try stack.kreaCalls().filter(\.isSubmission).count == 1)
    }

    /// Sends as a careful program does: again with the same key for as long as no answer comes.
    private static func send(_ prompt: String, key: String, _ stack: Stack) async throws -> String {
        while true {
            let answer = try await HTTPTestClient.post(
                "\(stack.base)/api/jobs", json: #"{"prompt": "\#(prompt)"}"#, [("Idempotency-Key", key)])
            if [200, 202].contains(answer.status), let id = try answer.json["job_id"]?.text { return id }
            guard answer.status >= 500 else { throw Refused(body: answer.body) }
        }
    }

    private struct Refused: Error {
        let body: String
    }
}
