import Digests
import Foundation
import Jobs
import TestSupport
import Testing

/// One job that many read: through nginx's cache, as it is shipped, and through the service's own answers.
@Suite(.timeLimit(.minutes(5))) struct CacheTests {
    /// A stack with a running job that Krea never ends, and the job's address.
    private func watched(keepsAnswers: Bool) async throws -> (Stack, job: String) {
        let stack = try await Stack(
            simulator: ["--run-seconds", "3600"],
            environment: ["KREA_FCGI_MAX_POLLS": "100000", "KREA_FCGI_SUBMIT_INTERVAL_SECONDS": "3600"], keepsAnswers: keepsAnswers)
        _ = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "first"}"#)
        let answer = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "second"}"#)
        return (stack, "\(stack.base)/api/jobs/\(try #require(try answer.json["job_id"]?.text))")
    }

    @Test func `nginx keeps the answer about a job to the end of the second, then a change is seen`() async throws {
        let (stack, job) = try await watched(keepsAnswers: true)
        // Read twice in one second: what lies between was not seen.
        var wasKept = false
        while !wasKept {
            let second = Int(Date.now.timeIntervalSince1970)
            let before = try await HTTPTestClient.get(job)
            #expect(before.status == 200)
            #expect(before["X-Accel-Expires"] == nil)
            let again = try await HTTPTestClient.get(job, [("If-None-Match", before["ETag"] ?? "")])
            wasKept = second == Int(Date.now.timeIntervalSince1970) && again.status == 304
        }
        #expect(try await HTTPTestClient.request("DELETE", job).status == 200)
        var state = ""
        while state != "cancelled" { state = try await HTTPTestClient.get(job).json["state"]?.text ?? "" }
        // HEAD is not answered with what GET got, nor the other way round.
        let head = try await HTTPTestClient.request("HEAD", job)
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(try await HTTPTestClient.get(job).json["state"] == "cancelled")
        _ = stack
    }

    @Test func `nginx keeps nothing that is for a job's owner alone`() async throws {
        let folder = try TemporaryFolder()
        let digest = SHA256.hash("a-key".utf8).map { String(256 + Int($0), radix: 16).dropFirst() }.joined()
        try "shop:\(digest)\n".write(toFile: folder.file("keys"), atomically: true, encoding: .utf8)
        let stack = try await Stack(
            environment: [
                "KREA_FCGI_API_KEYS_FILE": folder.file("keys"), "KREA_FCGI_WEBHOOK_HOSTS": "127.0.0.1",
                "KREA_FCGI_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "KREA_FCGI_SUBMIT_INTERVAL_SECONDS": "3600",
            ], keepsAnswers: true)
        let key = [("Authorization", "Bearer a-key")]
        let sent = try await HTTPTestClient.post(
            "\(stack.base)/api/jobs", json: #"{"prompt": "a lighthouse", "webhook_url": "http://127.0.0.1:9/a-secret"}"#, key)
        let job = "\(stack.base)/api/jobs/\(try #require(try sent.json["job_id"]?.text))"
        for _ in 1...20 {
            #expect(try await HTTPTestClient.get(job, key).json["webhook"]?["url"]?.text == "http://127.0.0.1:9/a-secret")
            for other in [[], [("X-Forwarded-For", "192.0.2.7")]] {
                let seen = try await HTTPTestClient.get(job, other)
                #expect(!seen.body.contains("a-secret"))
                #expect(try seen.json["webhook"]?["host"] == "127.0.0.1" && seen.json["webhook"]?["url"] == .null)
            }
        }
        // What nginx has kept has the prompt, and is for nginx's own user alone.
        let kept = FileManager.default.enumerator(atPath: stack.folder.file("cache"))?.compactMap { $0 as? String } ?? []
        var texts = ""
        for name in [""] + kept {
            let path = stack.folder.file("cache/\(name)")
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect((attributes[.posixPermissions] as? Int).map { $0 & 0o077 } == 0, "\(name)")
            if attributes[.type] as? FileAttributeType == .typeRegular {
                texts += String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            }
        }
        #expect(texts.contains("a lighthouse"))
        #expect(!texts.contains("a-secret"))
    }

    @Test func `a key that nobody has is refused though nginx has the answer`() async throws {
        let folder = try TemporaryFolder()
        let keys = folder.file("keys")
        try "shop:\(String(repeating: "0", count: 64))\n".write(toFile: keys, atomically: true, encoding: .utf8)
        let stack = try await Stack(environment: ["KREA_FCGI_API_KEYS_FILE": keys], keepsAnswers: true)
        let page = try await HTTPTestClient.post("\(stack.base)/", form: ["prompt": "a lighthouse"])
        let id = try #require(page["Location"]?.split(separator: "/").last)
        let job = "\(stack.base)/api/jobs/\(id)"
        for _ in 1...3 {
            #expect(try await HTTPTestClient.get(job).status == 200)
            #expect(try await HTTPTestClient.get(job, [("Authorization", "Bearer wrong")]).status == 401)
        }
    }

    @Test func `what another process has changed is seen by whoever asks next`() async throws {
        let stack = try await Stack()
        _ = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "first [[401:1]]"}"#)
        let answer = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "second"}"#)
        let job = "\(stack.base)/api/jobs/\(try #require(try answer.json["job_id"]?.text))"
        var message = ""
        while !message.contains("refused the API token") { message = try await HTTPTestClient.get(job).json["message"]?.text ?? "" }
        // The operator's command is a process of its own.
        #expect(try await stack.command("continue").status == 0)
        #expect(try await HTTPTestClient.get(job).json["message"]?.text?.contains("refused the API token") == false)
    }
}
