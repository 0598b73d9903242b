import Foundation
import Glibc
import Jobs
import SQLiteStore
import TestSupport
import Testing

/// Commands that root runs on the store of another user, who may put a link anywhere in that folder at any moment.
@Suite(.timeLimit(.minutes(5)), .enabled(if: geteuid() == 0, "only root can be led astray")) struct RootCommandTests {
    /// nobody
    private static let user: uid_t = 65_534

    private let store: TemporaryFolder
    private let home: TemporaryFolder
    private let victim: String

    /// A store of another user's with a job, a backup of it that only root can read, and a file of root's.
    init() throws {
        store = try TemporaryFolder()
        home = try TemporaryFolder()
        victim = home.file("victim")
        let (path, now) = (store.file("jobs.sqlite"), Timestamp(Date()))
        do { _ = try SQLiteStore(path: path, rules: Stack.rules).accept(.sample(at: now), key: nil) }
        try StoreBackup(of: path).make(at: home.file("backup.sqlite"), now: now)
        try Data("a secret of root's".utf8).write(to: URL(filePath: victim))
        chmod(victim, 0o600)
        for name in try names() { chown(store.file(name), Self.user, Self.user) }
        chown(store.path, Self.user, Self.user)
    }

    private func command(_ arguments: String...) async throws -> (status: Int32, lines: [String]) {
        let program = ChildProcess(
            Stack.product("krea-fcgi"), arguments, environment: ["KREA_FCGI_STORE": store.file("jobs.sqlite"), "KREA_API_TOKEN": "t"])
        let status = try await program.exitStatus()
        return (status, await program.allLines())
    }

    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: store.path) }

    private func owner(_ path: String) -> uid_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_uid : nil
    }

    /// Whether nobody has touched root's file.
    private func isUntouched() throws -> Bool {
        var status = stat()
        let content = try String(contentsOfFile: victim, encoding: .utf8)
        return lstat(victim, &status) == 0 && status.st_uid == 0 && status.st_mode & 0o7777 == 0o600 && status.st_nlink == 1
            && content == "a secret of root's"
    }

    @Test func `what root restores belongs to the folder's owner, and its paths are told as they are`() async throws {
        let restored = try await command("restore", home.file("backup.sqlite"))
        #expect(restored.status == 0, "\(restored.lines)")
        #expect(restored.lines.contains { $0.hasPrefix("The former store is kept as \(store.path)/jobs.sqlite.before-") })
        for name in try names() { #expect(owner(store.file(name)) == Self.user, "\(name)") }
        #expect(try await command("jobs").lines.count == 3)
        #expect(try await command("pause", "for a test").status == 0)
        #expect(try await command("backup", home.file("second.sqlite")).status == 0)
        #expect(owner(home.file("second.sqlite")) == 0)
        for name in try names() { #expect(owner(store.file(name)) == Self.user, "\(name)") }
    }

    @Test func `a link that takes the place of a file that is being made leads root nowhere`() async throws {
        let attack = Task.detached { [store, victim] in
            while !Task.isCancelled {
                for name in (try? FileManager.default.contentsOfDirectory(atPath: store.path)) ?? [] where name.contains(".partial") {
                    unlink(store.file(name))
                    symlink(victim, store.file(name))
                }
            }
        }
        for _ in 1...5 {
            _ = try await command("restore", home.file("backup.sqlite"))
            _ = try await command("backup", store.file("copy.sqlite"))
            unlink(store.file("copy.sqlite"))
        }
        attack.cancel()
        await attack.value
        #expect(try isUntouched())
    }

    @Test(arguments: ["", "-wal", "-shm", "-lock", "-journal", "-dispatcher-1"])
    func `a link that was put there before leads no command anywhere`(ending: String) async throws {
        let name = "jobs.sqlite" + ending
        unlink(store.file(name))
        symlink(victim, store.file(name))
        for arguments in [["jobs"], ["audit"], ["pause", "x"], ["continue"], ["check-config"], ["backup", home.file("other.sqlite")]] {
            let program = ChildProcess(
                Stack.product("krea-fcgi"), arguments, environment: ["KREA_FCGI_STORE": store.file("jobs.sqlite"), "KREA_API_TOKEN": "t"])
            _ = try await program.exitStatus()
            #expect(try isUntouched(), "\(arguments)")
        }
        _ = try await command("restore", home.file("backup.sqlite"))
        #expect(try isUntouched())
    }

    @Test func `where others than root may write, root does not work, and says as whom to do it`() async throws {
        chown(store.path, 0, Self.user)
        chmod(store.path, 0o770)
        let refused = try await command("restore", home.file("backup.sqlite"))
        #expect(refused.status != 0)
        #expect(refused.lines.joined().contains("may be written by others than its owner, so root does not work there"))
        #expect(try await command("jobs").status != 0)
    }
}
