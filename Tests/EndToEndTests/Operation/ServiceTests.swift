import Foundation
import Glibc
import Jobs
import TestSupport
import Testing

/// The program itself: starting, stopping, being killed.
@Suite(.timeLimit(.minutes(5))) struct ServiceTests {
    @Test(arguments: [SIGTERM, SIGINT, SIGQUIT])
    func `a signal to stop ends it with 0 and removes its socket`(signal: Int32) async throws {
        let stack = try await Stack()
        #expect(try await HTTPTestClient.get("\(stack.base)/health").status == 200)
        stack.service.signal(signal)
        #expect(try await stack.service.exitStatus() == 0)
        #expect(!FileManager.default.fileExists(atPath: stack.folder.file("krea-fcgi.sock")))
    }

    @Test(arguments: [SIGUSR1, SIGPIPE])
    func `other signals are harmless`(signal: Int32) async throws {
        let stack = try await Stack()
        stack.service.signal(signal)
        #expect(try await HTTPTestClient.get("\(stack.base)/health").status == 200)
        stack.service.signal(SIGTERM)
        #expect(try await stack.service.exitStatus() == 0)
    }

    @Test func `after kill -9 in the middle of everything each job ends, and no call comes twice or too early`() async throws {
        let stack = try await Stack(simulator: ["--run-seconds", "0.5"])
        var ids: [String] = []
        for number in 1...5 {
            let accepted = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "picture \#(number)"}"#)
            ids.append(try #require(try accepted.json["job_id"]?.text))
        }
        let second = ids[1]
        try await stack.service.line { $0.contains("Submitted a job") && $0.contains(second) }
        stack.service.signal(SIGKILL)
        _ = try await stack.service.exitStatus()

        // The stale socket file of the killed process is in the way of nobody.
        let again = try Stack.serve(stack.folder, krea: stack.krea, token: "simulator")
        try await again.line { $0.contains("Serving FastCGI") }
        for id in ids { #expect(try await stack.finished(id, by: again)["status"] == "completed") }
        let calls = try stack.kreaCalls()
        let created = calls.filter { $0.isSubmission && $0.kreaID != nil }.compactMap(\.prompt)
        #expect(created.sorted() == (1...5).map { "picture \($0)" })
        #expect(calls.brokenRules(Stack.rules).isEmpty)
    }

    @Test func `a wrong setting ends it with a sentence, and a status that says that another start is no use`() async throws {
        let files = try TemporaryFolder()
        let service = try Stack.serve(files, krea: "http://127.0.0.1:9", token: "x", ["KREA_FCGI_THREADS": "none"])
        #expect(try await service.exitStatus() == EX_CONFIG)
        let lines = await service.allLines()
        #expect(lines.contains { $0.contains("KREA_FCGI_THREADS is \"none\"") }, "\(lines)")
    }

    @Test func `a second process on the same socket is refused and leaves the first alone`() async throws {
        let stack = try await Stack()
        let second = try Stack.serve(stack.folder, krea: stack.krea, token: "simulator")
        #expect(try await second.exitStatus() == 1)
        #expect(try await HTTPTestClient.get("\(stack.base)/health").status == 200)
    }

    @Test func `the store and the socket are closed to other users`() async throws {
        let stack = try await Stack()
        func mode(_ name: String) throws -> Int {
            try FileManager.default.attributesOfItem(atPath: stack.folder.file(name))[.posixPermissions] as? Int ?? 0
        }
        #expect(try mode("jobs.sqlite") == 0o600)
        #expect(try mode("krea-fcgi.sock") == 0o660)
    }

    @Test func `the token never leaves but in the header to Krea`() async throws {
        let secret = "s3cret-token-of-the-operator"
        let stack = try await Stack(
            token: secret, simulator: ["--run-seconds", "0", "--token", secret], environment: ["KREA_FCGI_LOG_LEVEL": "trace"])
        let accepted = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "a lighthouse"}"#)
        let id = try #require(try accepted.json["job_id"]?.text)
        let job = try await stack.finished(id)
        #expect(job["status"] == "completed")
        let pages = try await [
            HTTPTestClient.get("\(stack.base)/").body, HTTPTestClient.get("\(stack.base)/jobs/\(id)").body, accepted.body,
        ]
        #expect((pages + stack.service.lines).filter { $0.contains(secret) } == [])
        #expect(try stack.kreaCalls().allSatisfy { !$0.path.contains(secret) })
    }
}
