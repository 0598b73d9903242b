import Foundation
import Glibc
import Jobs
@testable import SQLiteStore
import TestSupport
import Testing

/// Tests backups of real files, and stores that are restored from them.
@Suite struct BackupTests {
    private let time = TestTime()
    private let folder: TemporaryFolder
    private let path: String
    private let backup: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("jobs.sqlite")
        backup = folder.file("backup.sqlite")
    }

    private func open() throws -> SQLiteStore { try SQLiteStore(path: path, rules: PaceRules()) }

    private func restore(from file: String? = nil, isUnchanged: Bool = false) throws -> StoreRestoration.Report {
        try StoreRestoration(of: path, from: StoreSource(file ?? backup), rules: PaceRules(), pausedBecause: "restored")
            .run(at: time.now, isUnchanged: isUnchanged)
    }

    /// A store with jobs 1 to 4: the first runs as `k1`, of the second the answer was lost, the others wait.
    private func filled() throws -> Int {
        let store = try open()
        let epoch = try store.takeOver(at: time.now)
        for number in UInt64(1)...4 { _ = try store.accept(.sample(number, at: time.now), key: nil) }
        for outcome in [CallResult<KreaJob>.answered(KreaJob(id: "k1", status: "queued")), .noAnswer] {
            let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
            try store.recordSubmit(outcome, for: call, at: time.now)
            time.advance(by: .seconds(10))
        }
        return epoch
    }

    @Test func `a backup is one good file for its owner only, and is never overwritten`() throws {
        let epoch = try filled()
        let store = try open()
        try StoreBackup(of: path).make(at: backup, now: time.now)
        var status = stat()
        #expect(stat(backup, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("backup") } == ["backup.sqlite"])
        let before = try Data(contentsOf: URL(filePath: backup))
        // The service goes on, and what it does then is not in there.
        _ = try store.claimPoll(by: epoch, at: time.now).granted()
        #expect(throws: UnusableFile.self) { try StoreBackup(of: path).make(at: backup, now: time.now) }
        #expect(try Data(contentsOf: URL(filePath: backup)) == before)
        let copy = try DatabaseQueue(path: backup)
        #expect(try copy.read { try Int.first($0, "SELECT count(*) FROM calls") } == 2)
        #expect(try copy.read { try String.first($0, "PRAGMA journal_mode") } == "delete")
    }

    @Test func `a backup removes what killed ones have left in its folder, and nothing else`() throws {
        _ = try filled()
        // Beyond any number of a process that Linux gives.
        let gone = "99999999"
        let contents = ["database": "SQLite format 3\0 and more", "empty": "", "notes": "Dear diary, this is no database"]
        func make(_ name: String, _ content: String, mode: Int = 0o600, age: Duration = .seconds(3600)) throws {
            try Data((contents[content] ?? "").utf8).write(to: URL(filePath: folder.file(name)))
            let date = Date(timeIntervalSince1970: Double((time.now - age).milliseconds) / 1000)
            try FileManager.default.setAttributes([.posixPermissions: mode, .modificationDate: date], ofItemAtPath: folder.file(name))
        }
        let left = ["monday.sqlite.\(gone).partial", "monday.sqlite.\(gone).partial-journal", "tuesday.\(getpid()).partial"]
        for name in left { try make(name, name.hasPrefix("tuesday") ? "empty" : "database") }
        let kept = ["young", "alive", "notes", "readable", "name"].map { kind in
            "\(kind).\(kind == "alive" ? "1" : gone).\(kind == "name" ? "part" : "partial")"
        }
        try make(kept[0], "database", age: .seconds(3599))
        try make(kept[1], "database")
        try make(kept[2], "notes")
        try make(kept[3], "database", mode: 0o644)
        try make(kept[4], "database")
        try StoreBackup(of: path).make(at: backup, now: time.now)
        for name in left { #expect(access(folder.file(name), F_OK) != 0, "\(name)") }
        for name in kept { #expect(access(folder.file(name), F_OK) == 0, "\(name)") }
    }

    @Test func `opening a store removes what killed restorations of it have left, and of no other`() throws {
        _ = try filled()
        let names = ["jobs.sqlite.1.partial", "jobs.sqlite.1.partial-wal", "jobs.sqlite.copy.1.partial", "other.sqlite.1.partial"]
        for name in names { try Data().write(to: URL(filePath: folder.file(name))) }
        _ = try open()
        #expect(names.map { access(folder.file($0), F_OK) == 0 } == [false, false, true, true])
    }

    @Test func `what was not sent, or not known to be, fails; what ran is asked for on; nothing is sent until continue`() throws {
        _ = try filled()
        try StoreBackup(of: path).make(at: backup, now: time.now)
        let report = try restore()
        #expect(report.jobs == 4)
        #expect(Set(report.ended) == [.sample(2), .sample(3), .sample(4)])
        let store = try open()
        for number in UInt64(2)...4 { #expect(try store.job(.sample(number))?.job.failure?.code == .restored) }
        let epoch = try store.takeOver(at: time.now)
        #expect(try store.claimPoll(by: epoch, at: time.now) == .notBefore(time.now + .seconds(60)))
        _ = try store.accept(.sample(5, at: time.now), key: nil)
        #expect(try store.job(.sample(5))?.pace.hold(at: time.now + .seconds(31)) == .paused(because: "restored"))
        #expect(try store.claimSubmit(by: epoch, at: time.now + .seconds(3600)) == .nothing)
        #expect(try store.claimList(by: epoch, at: time.now + .seconds(3600)) == .nothing)
        try store.release(at: time.now)
        #expect(try store.claimSubmit(by: epoch, at: time.now + .seconds(30)).granted().1.id == .sample(5))
    }

    @Test func `a store that only moves goes on as it was`() throws {
        _ = try filled()
        try StoreBackup(of: path).make(at: backup, now: time.now)
        let moved = folder.file("moved.sqlite")
        let report = try StoreRestoration(of: moved, from: StoreSource(backup), rules: PaceRules(), pausedBecause: "restored")
            .run(at: time.now, isUnchanged: true)
        #expect(report == StoreRestoration.Report(former: nil, jobs: 4, ended: []))
        let (old, new) = (try open(), try SQLiteStore(path: moved, rules: PaceRules()))
        for number in UInt64(1)...4 { #expect(try new.job(.sample(number)) == old.job(.sample(number))) }
    }

    @Test func `the former store is kept whole, and an epoch is never given again`() throws {
        _ = try filled()
        try StoreBackup(of: path).make(at: backup, now: time.now)
        do {
            let store = try open()
            for _ in 1...5 { _ = try store.takeOver(at: time.now) }
            _ = try store.accept(.sample(9, at: time.now), key: nil)
        }
        let former = try #require(try restore().former)
        #expect(former.hasPrefix("\(path).before-2026-"))
        let kept = try SQLiteStore(path: former, rules: PaceRules())
        #expect(try kept.job(.sample(9)) != nil)
        let store = try open()
        #expect(try store.job(.sample(9)) == nil)
        #expect(try store.takeOver(at: time.now) == 7)
    }

    @Test func `a damaged store is kept with its log, and gives way to the backup`() throws {
        _ = try filled()
        try StoreBackup(of: path).make(at: backup, now: time.now)
        try Data("no database any more, but still more than a hundred bytes that may be of use to someone some day".utf8)
            .write(to: URL(filePath: path))
        try Data("a log".utf8).write(to: URL(filePath: path + "-wal"))
        let former = try #require(try restore().former)
        #expect(try String(contentsOfFile: former, encoding: .utf8).hasPrefix("no database"))
        #expect(try String(contentsOfFile: former + "-wal", encoding: .utf8) == "a log")
        #expect(try open().job(.sample(1))?.job.state == .running)
    }

    @Test func `a store that is open is not restored, and a store that is being restored is not opened`() throws {
        _ = try filled()
        try StoreBackup(of: path).make(at: backup, now: time.now)
        do {
            let user = try open()
            #expect(throws: StoreInUse(path: path, isBeingRestored: false)) { try restore() }
            #expect(try user.job(.sample(4))?.job.state == .waiting)
        }
        let descriptor = Glibc.open("\(path)-lock", O_RDONLY)
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        #expect(throws: StoreInUse(path: path, isBeingRestored: true)) { try open() }
        #expect(throws: StoreInUse(path: path, isBeingRestored: true)) {
            try StoreBackup(of: path).make(at: folder.file("other"), now: time.now)
        }
        close(descriptor)
        _ = try restore()
    }

    @Test(arguments: ["", "no database", "other", "older", "newer", "damaged"])
    func `a file that is no good store changes nothing`(kind: String) throws {
        _ = try filled()
        try StoreBackup(of: path).make(at: backup, now: time.now)
        let bad = folder.file("bad.sqlite")
        switch kind {
        case "other": try DatabaseQueue(path: bad).write { try $0.execute(sql: "CREATE TABLE jobs (a)") }
        case "older": try DatabaseQueue(path: bad).write { try $0.execute(sql: "CREATE TABLE grdb_migrations (a); CREATE TABLE jobs (a)") }
        case "newer":
            try FileManager.default.copyItem(atPath: backup, toPath: bad)
            try DatabaseQueue(path: bad).write { try $0.execute(sql: "PRAGMA user_version = 2") }
        case "damaged":
            var bytes = try Data(contentsOf: URL(filePath: backup))
            bytes.replaceSubrange(4096 * 3..<4096 * 6, with: Data(repeating: 7, count: 4096 * 3))
            try bytes.write(to: URL(filePath: bad))
        default: try kind.write(toFile: bad, atomically: true, encoding: .utf8)
        }
        // SQLite's own files come and go with its connections.
        let files = {
            let all = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            return all.filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }.sorted()
        }
        let before = try files()
        #expect(throws: UnusableFile.self) { try restore(from: bad) }
        #expect(throws: UnusableFile.self) { try restore(from: folder.file("nothing")) }
        #expect(try files() == before)
        #expect(try open().job(.sample(4))?.job.state == .waiting)
    }
}
