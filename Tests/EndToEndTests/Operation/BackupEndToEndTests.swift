import Foundation
import Glibc
import Jobs
import SQLiteStore
import TestSupport
import Testing

/// Backups beside a service at work, and what becomes of jobs after a restoration, with the real programs.
@Suite(.timeLimit(.minutes(5))) struct BackupEndToEndTests {
    @Test func `after a kill and a restoration nothing is paid for twice, and what ran brings its picture`() async throws {
        let stack = try await Stack(simulator: ["--run-seconds", "1"])
        let running = try await stack.send("running")
        try await stack.service.line { $0.contains("Submitted a job") && $0.contains(running) }
        #expect(try await stack.command("pause", "for the backup").status == 0)
        let waiting = [try await stack.send("waiting 1"), try await stack.send("waiting 2")]
        let backup = stack.folder.file("backup.sqlite")
        #expect(try await stack.command("backup", backup).status == 0)
        #expect(try await stack.command("backup", backup).status != 0)
        #expect(try await stack.command("continue").status == 0)
        // Sent and paid for after the backup, which does not know it.
        for id in waiting { #expect(try await stack.finished(id)["status"] == "completed") }

        let refused = try await stack.command("restore", backup)
        #expect(refused.status != 0)
        #expect(refused.lines.joined().contains("is in use"))
        stack.service.signal(SIGKILL)
        _ = try await stack.service.exitStatus()
        let restored = try await stack.command("restore", backup)
        #expect(restored.status == 0, "\(restored.lines)")
        for id in waiting { #expect(restored.lines.contains("  \(id)")) }

        let service = try stack.serveAgain()
        try await service.line { $0.contains("Serving FastCGI") }
        for id in waiting {
            let job = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)").json
            #expect(job["error"]?["code"] == "restored_from_backup")
        }
        let next = try await stack.send("next")
        #expect(
            try await HTTPTestClient.get("\(stack.base)/api/jobs/\(next)").json["message"]?.text?.contains("restored from a backup") == true
        )
        #expect(try await stack.finished(running, by: service)["status"] == "completed")
        #expect(try await stack.command("continue").status == 0)
        #expect(try await stack.finished(next, by: service)["status"] == "completed")
        let created = try stack.kreaCalls().filter { $0.isSubmission && $0.kreaID != nil }.compactMap(\.prompt)
        #expect(created.sorted() == ["next", "running", "waiting 1", "waiting 2"])
        #expect(try stack.kreaCalls().brokenRules(Stack.rules).isEmpty)
        #expect(try await stack.command("audit").status == 0)
    }

    @Test func `backups beside a service at work are whole, each with all that was accepted before it`() async throws {
        let stack = try await Stack(environment: ["KREA_FCGI_QUEUE_LIMIT": "100000", "KREA_FCGI_QUEUE_LIMIT_PER_CLIENT": "100000"])
        var ids: [String] = []
        for number in 1...5 {
            for picture in 1...5 { ids.append(try await stack.send("picture \(number) \(picture)")) }
            let sending = Task { for picture in 6...10 { _ = try await stack.send("picture \(number) \(picture)") } }
            let backup = stack.folder.file("backup-\(number).sqlite")
            #expect(try await stack.command("backup", backup).status == 0)
            let store = try SQLiteStore(path: backup, rules: Stack.rules, limits: QueueLimits())
            for id in ids { #expect(try JobID(id).map(store.job) != nil) }
            try await sending.value
        }
    }

    @Test func `a service that is stopped leaves an empty log behind, also beside one who reads the store`() async throws {
        let stack = try await Stack()
        let reader = try SQLiteStore(path: stack.folder.file("jobs.sqlite"), rules: Stack.rules)
        let id = try await stack.send("a lighthouse")
        #expect(try await stack.finished(id)["status"] == "completed")
        #expect(reader.logBytes > 0)
        stack.service.signal(SIGTERM)
        _ = try await stack.service.exitStatus()
        #expect(reader.logBytes == 0)
        #expect(try reader.jobs(JobQuery(client: nil)).items.map(\.job.state) == [.completed])
    }
}
