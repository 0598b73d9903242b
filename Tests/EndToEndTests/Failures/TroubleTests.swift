import Foundation
import Glibc
import Jobs
import TestSupport
import Testing

/// Trouble with the store, as those behind nginx see it.
@Suite(.timeLimit(.minutes(5))) struct TroubleTests {
    @Test func `while somebody else holds the store a job is refused and others are still read, and afterwards all goes on`() async throws {
        let stack = try await Stack()
        let first = try await stack.send("first")
        _ = try await stack.finished(first)

        let holder = try StoreHolder(stack.folder.file("jobs.sqlite"))
        try await expectRefusal(by: stack, retryAfter: "5")
        #expect(try await HTTPTestClient.get("\(stack.base)/api/jobs/\(first)").status == 200)
        try holder.release()

        let second = try await stack.send("second")
        #expect(try await stack.finished(second)["status"] == "completed")
        #expect(try stack.kreaCalls().filter(\.isSubmission).compactMap(\.prompt) == ["first", "second"])
    }

    @Test(.enabled("mounts a disk", { Launcher.canMount }))
    func `while the disk is full a job is refused and others are still read, and when there is room all goes on`() async throws {
        let (stack, status) = try await Self.stack(launcher: .smallDisk)
        let disk = SmallDisk(stack.folder.file("disk"), of: stack.service)
        try await expectToOutlive(stack, status) { trouble in
            try disk.fill()
            try await trouble()
            try disk.makeRoom()
        }
    }

    @Test(.enabled("needs a disk that knows immutable files", { try await Immutable.isPossible() }))
    func `while the store cannot be written a job is refused and others are still read, and when it can all goes on`() async throws {
        let (stack, status) = try await Self.stack()
        let files = ["", "-wal", "-shm"].map { stack.folder.file("jobs.sqlite\($0)") }
        try await expectToOutlive(stack, status) { trouble in try await Immutable.during(files, trouble) }
    }

    @Test(.enabled("mounts a disk", { Launcher.canMount }))
    func `a service that starts on a read-only disk says so and ends, and the next one that can write finishes the job`() async throws {
        // As systemd holds the socket while it tries again.
        let stack = try await Stack(simulator: ["--run-seconds", "1"], holdsSocket: true)
        let id = try await stack.send("a lighthouse")
        try await stack.service.line { $0.contains("Submitted a job") && $0.contains(id) }
        stack.service.signal(SIGKILL)
        _ = try await stack.service.exitStatus()

        let refused = try stack.serveAgain(by: .readOnlyDisk)
        #expect(try await refused.exitStatus() != 0)
        let said = refused.lines.last ?? ""
        #expect(said.contains("KREA_FCGI_STORE"), "\(refused.lines)")
        #expect(said.contains("cannot be written"), "\(refused.lines)")

        let again = try stack.serveAgain()
        try await again.line { $0.contains("Serving FastCGI") }
        #expect(try await stack.finished(id, by: again)["status"] == "completed")
        #expect(try stack.kreaCalls().filter(\.isSubmission).count == 1)
        let audit = try await stack.command("audit")
        #expect(audit.status == 0, "\(audit.lines)")
    }

    /// A stack with a status, and where that is.
    private static func stack(launcher: Launcher? = nil) async throws -> (Stack, status: String) {
        let status = "127.0.0.1:\(try Stack.freePort())"
        let stack = try await Stack(
            simulator: ["--run-seconds", "2"], environment: ["KREA_FCGI_STATUS_LISTEN": status], launcher: launcher)
        return (stack, "http://\(status)")
    }

    /// Expects that a running job outlives a time in which the store cannot be written. `during` lets the trouble begin, calls what it is
    /// given, and lets it end.
    private func expectToOutlive(
        _ stack: Stack, _ status: String, during: (_ trouble: () async throws -> Void) async throws -> Void
    ) async throws {
        #expect(try await HTTPTestClient.get("\(status)/health/ready").status == 200)
        let first = try await stack.send("first")
        try await stack.service.line { $0.contains("Submitted a job") && $0.contains(first) }
        // So that it runs for as long as the trouble lasts, unless the machine is so busy that it has its picture by now.
        stack.simulator.signal(SIGSTOP)
        try await during {
            // When the next poll was to be claimed.
            try await stack.service.line { $0.contains("The store failed") }
            try await expectRefusal(by: stack, retryAfter: "60")
            let page = try await HTTPTestClient.post("\(stack.base)/", form: ["prompt": "second"])
            #expect(page.status == 503)
            #expect(page["Retry-After"] == "60")
            #expect(page["Content-Type"]?.hasPrefix("text/html") == true)
            let job = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(first)")
            #expect(try job.status == 200 && ["running", "completed"].contains(job.json["state"]))
            // What is known of readiness may be a second old.
            while try await HTTPTestClient.get("\(status)/health/ready").status != 503 { try Task.checkCancellation() }
            let store = try await HTTPTestClient.get("\(status)/status?json").json["store"]
            #expect(store?["is_writable"] == false)
            #expect(store?["is_readable"] == true)
        }
        stack.simulator.signal(SIGCONT)
        #expect(try await stack.finished(first)["status"] == "completed")
        let second = try await stack.send("second")
        #expect(try await stack.finished(second)["status"] == "completed")
        while try await HTTPTestClient.get("\(status)/health/ready").status != 200 { try Task.checkCancellation() }
        #expect(try stack.kreaCalls().filter(\.isSubmission).compactMap(\.prompt) == ["first", "second"])
        #expect(stack.service.lines.count { $0.contains("job=\(first)") && $0.contains("state=completed") } == 1)
        let audit = try await stack.command("audit")
        #expect(audit.status == 0, "\(audit.lines)")
    }

    private func expectRefusal(by stack: Stack, retryAfter: String) async throws {
        let refused = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "refused"}"#)
        #expect(refused.status == 503)
        #expect(refused["Retry-After"] == retryAfter)
        #expect(try refused.json["code"] == "store_unavailable")
    }
}
