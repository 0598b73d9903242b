import Foundation
import Jobs
import TestSupport
import Testing

/// One job that many read: through nginx's cache, as it is shipped, and through the service's own answers.
@Suite(.timeLimit(.minutes(2))) struct CacheTests {
    /// A stack with a running job that Krea never ends, and the job's address.
    private func watched(keepsAnswers: Bool) async throws -> (Stack, job: String) {
        let stack = try await Stack(
            simulator: ["--run-seconds", "3600"],
            environment: ["KREA_FCGI_MAX_POLLS": "100000", "KREA_FCGI_SUBMIT_INTERVAL_SECONDS": "3600"], keepsAnswers: keepsAnswers)
        _ = try await Visitor.post("\(stack.base)/api/jobs", json: #"{"prompt": "first"}"#)
        let answer = try await Visitor.post("\(stack.base)/api/jobs", json: #"{"prompt": "second"}"#)
        return (stack, "\(stack.base)/api/jobs/\(try #require(try answer.json["job_id"]?.text))")
    }

    @Test func `nginx keeps the answer about a job to the end of the second, then a change is seen`() async throws {
        let (stack, job) = try await watched(keepsAnswers: true)
        // Read twice in one second: what lies between was not seen.
        var wasKept = false
        while !wasKept {
            let second = Int(Date.now.timeIntervalSince1970)
            let before = try await Visitor.get(job)
            #expect(before.status == 200 && before["X-Accel-Expires"] == nil)
            let again = try await Visitor.get(job, [("If-None-Match", before["ETag"] ?? "")])
            wasKept = second == Int(Date.now.timeIntervalSince1970) && again.status == 304
        }
        #expect(try await Visitor.request("DELETE", job).status == 200)
        var state = ""
        while state != "cancelled" { state = try await Visitor.get(job).json["state"]?.text ?? "" }
        // HEAD is not answered with what GET got, nor the other way round.
        let head = try await Visitor.request("HEAD", job)
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(try await Visitor.get(job).json["state"] == "cancelled")
        _ = stack
    }

    @Test func `a key that nobody has is refused though nginx has the answer`() async throws {
        let folder = try TemporaryFolder()
        let keys = folder.file("keys")
        try "shop:\(String(repeating: "0", count: 64))\n".write(toFile: keys, atomically: true, encoding: .utf8)
        let stack = try await Stack(environment: ["KREA_FCGI_API_KEYS_FILE": keys], keepsAnswers: true)
        let page = try await Visitor.post("\(stack.base)/", form: ["prompt": "a lighthouse"])
        let id = try #require(page["Location"]?.split(separator: "/").last)
        let job = "\(stack.base)/api/jobs/\(id)"
        for _ in 1...3 {
            #expect(try await Visitor.get(job).status == 200)
            #expect(try await Visitor.get(job, [("Authorization", "Bearer wrong")]).status == 401)
        }
    }

    @Test func `what another process has changed is seen by whoever asks next`() async throws {
        let stack = try await Stack()
        _ = try await Visitor.post("\(stack.base)/api/jobs", json: #"{"prompt": "first [[401:1]]"}"#)
        let answer = try await Visitor.post("\(stack.base)/api/jobs", json: #"{"prompt": "second"}"#)
        let job = "\(stack.base)/api/jobs/\(try #require(try answer.json["job_id"]?.text))"
        var message = ""
        while !message.contains("refused the API token") { message = try await Visitor.get(job).json["message"]?.text ?? "" }
        // The operator's command is a process of its own.
        #expect(try await stack.command("continue").status == 0)
        #expect(try await Visitor.get(job).json["message"]?.text?.contains("refused the API token") == false)
    }
}
