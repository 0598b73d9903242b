import Foundation
import Glibc
import Jobs
import TestSupport
import Testing

@testable import SQLiteStore

/// `krea-fcgi backup` and `krea-fcgi restore`, killed in the middle.
@Suite(.timeLimit(.minutes(5))) struct KilledCommandTests {
    /// What can be seen in the folder when a restoration is killed.
    enum Moment: CaseIterable {
        /// The former store's second name.
        case former
        /// The new file.
        case begun
        /// Half of it.
        case half
        /// All of it, which is being checked and prepared.
        case whole

        func hasCome(_ folder: TemporaryFolder, _ name: String, of size: Int) -> Bool {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            guard self != .former else { return names.contains { $0.hasPrefix("\(name).before-") } }
            guard let partial = names.first(where: { $0.hasPrefix("\(name).") && $0.hasSuffix(".partial") }) else { return false }
            let length = (try? FileManager.default.attributesOfItem(atPath: folder.file(partial))[.size] as? Int) ?? 0
            return switch self {
            case .former, .begun: true
            case .half: length >= size / 2
            case .whole: length >= size
            }
        }
    }

    /// Makes the store so large that it takes its time to be copied.
    private static func enlarge(_ store: String) async throws {
        try DatabaseQueue(path: store).write { database in
            try database.execute(sql: "CREATE TABLE filler (bytes BLOB)")
            for _ in 0..<64 { try database.execute(sql: "INSERT INTO filler VALUES (zeroblob(1 << 20))") }
        }
    }

    /// Begins a program and kills it as soon as the moment has come. Where it was sooner, as it can be on a busy machine, it is begun again.
    private static func kill(_ begin: () throws -> ChildProcess, when hasCome: () -> Bool) async throws {
        while true {
            let program = try begin()
            while !hasCome(), program.isRunning {
                try Task.checkCancellation()
                await Task.yield()
            }
            program.signal(SIGKILL)
            let status = try await program.exitStatus()
            if status == SIGKILL { return }
            try #require(status == 0, "\(program.lines)")
        }
    }

    private static func leftovers(_ folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains(".partial") }
    }

    @Test(arguments: Moment.allCases)
    func `a restoration that is killed leaves a whole store, and the next one succeeds`(moment: Moment) async throws {
        let stack = try await Stack()
        let (store, backup) = (stack.folder.file("jobs.sqlite"), stack.folder.file("backup.sqlite"))
        let old = try await stack.send("old")
        _ = try await stack.finished(old)
        try await Self.enlarge(store)
        #expect(try await stack.command("backup", backup).status == 0)
        let size = try #require(try FileManager.default.attributesOfItem(atPath: backup)[.size] as? Int)
        let later = try await stack.send("later")
        _ = try await stack.finished(later)
        stack.service.signal(SIGKILL)
        _ = try await stack.service.exitStatus()

        try await Self.kill {
            stack.begin(["restore", backup])
        } when: {
            moment.hasCome(stack.folder, "jobs.sqlite", of: size)
        }
        let jobs = try await stack.command("jobs")
        // The former one, or the new one, if that was there already.
        #expect(jobs.status == 0, "\(jobs.lines)")
        #expect(jobs.lines.contains { $0.contains(old) }, "\(jobs.lines)")
        let problems = try DatabaseQueue(path: store).read { try String.all($0, "PRAGMA integrity_check") }
        #expect(problems == ["ok"])
        #expect(try Self.leftovers(stack.folder).isEmpty)

        let next = try await stack.command("restore", backup)
        #expect(next.status == 0, "\(next.lines)")
        let service = try stack.serveAgain()
        try await service.line { $0.contains("Serving FastCGI") }
        #expect(try await HTTPTestClient.get("\(stack.base)/api/jobs/\(old)").json["status"] == "completed")
        #expect(try await HTTPTestClient.get("\(stack.base)/api/jobs/\(later)").status == 404)
        #expect(try await stack.command("continue").status == 0)
        let new = try await stack.send("new")
        #expect(try await stack.finished(new, by: service)["status"] == "completed")
        #expect(try stack.kreaCalls().filter(\.isSubmission).compactMap(\.prompt) == ["old", "later", "new"])
    }

    @Test func `a backup that is killed has no name, and the next one is whole`() async throws {
        let stack = try await Stack()
        let backup = stack.folder.file("backup.sqlite")
        let id = try await stack.send("a lighthouse")
        _ = try await stack.finished(id)
        try await Self.enlarge(stack.folder.file("jobs.sqlite"))
        try await Self.kill {
            unlink(backup)
            return stack.begin(["backup", backup])
        } when: {
            Moment.half.hasCome(stack.folder, "backup.sqlite", of: 64 << 20)
        }
        #expect(access(backup, F_OK) != 0)
        let left = try Self.leftovers(stack.folder).filter { $0.hasSuffix(".partial") }
        #expect(left.count == 1)

        // As if it had been an hour ago.
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: stack.folder.file(left[0]))
        #expect(try await stack.command("backup", backup).status == 0)
        #expect(try Self.leftovers(stack.folder).isEmpty)
        let jobs = try DatabaseQueue(path: backup).read { try String.all($0, "SELECT id FROM jobs") }
        #expect(jobs == [id])
    }
}
