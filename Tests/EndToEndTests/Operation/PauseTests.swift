import Glibc
import Jobs
import TestSupport
import Testing

/// The operator's pause, with the real programs.
@Suite(.timeLimit(.minutes(5))) struct PauseTests {
    @Test func `a pause outlives a kill, says why, and continue ends it for a running service`() async throws {
        let stack = try await Stack()
        #expect(try await stack.command("pause", "moving house").status == 0)
        let id = try await stack.send("a lighthouse")
        stack.service.signal(SIGKILL)
        _ = try await stack.service.exitStatus()
        let service = try stack.serveAgain()
        try await service.line { $0.contains("Dispatching") }
        let words = "The operator has paused the queue: moving house"
        let job = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)").json
        #expect(job["message"]?.text == words)
        #expect(job["starts_at"] == .null)
        #expect(try await HTTPTestClient.get("\(stack.base)/jobs/\(id)", [("Cookie", "script=1")]).body.contains(words))
        #expect(try await stack.command("jobs").lines.first == "Nothing is sent until krea-fcgi continue: moving house")
        // A submitter that is about to claim does so within a look.
        try await service.line { $0.contains("Asked Krea for its routes") }
        #expect(try stack.kreaCalls().filter(\.isSubmission).isEmpty)
        #expect(try await stack.command("continue").status == 0)
        #expect(try await stack.finished(id, by: service)["status"] == "completed")
    }

    @Test(arguments: ["", " ", "two\nlines", String(repeating: "x", count: 301)])
    func `words that nobody could read are refused, and nothing is paused`(words: String) async throws {
        let stack = try await Stack()
        let answer = try await stack.command("pause", words)
        #expect(answer.status != 0)
        #expect(answer.lines.joined().contains("one line of 1 to 300 characters"))
        #expect(try await stack.finished(stack.send("a lighthouse"))["status"] == "completed")
    }
}
