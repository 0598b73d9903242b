import CSQLite
import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import SQLiteStore

/// Tests commits of several threads at once.
@Suite struct GroupCommitTests {
    private struct Refused: Error {}

    private let folder: TemporaryFolder
    private let pool: DatabaseQueue
    private let writes: GroupCommit
    private let commits = CommitCount()

    init() throws {
        folder = try TemporaryFolder()
        pool = try DatabaseQueue(path: folder.file("numbers.sqlite"))
        try pool.write { try $0.execute(sql: "CREATE TABLE numbers (number INTEGER PRIMARY KEY)") }
        try pool.writeWithoutTransaction { [commits] in commits.watch($0) }
        writes = GroupCommit(pool)
    }

    private func insert(_ number: Int, fails: Bool = false) throws -> Int {
        try writes.write { database in
            try database.run("INSERT INTO numbers VALUES (?)", [number])
            if fails { throw Refused() }
            return number
        }
    }

    private var numbers: Set<Int> {
        get throws { try pool.read { Set(try Int.all($0, "SELECT number FROM numbers")) } }
    }

    @Test func `what one writes is there when it returns, and what throws leaves nothing`() throws {
        #expect(try insert(1) == 1)
        #expect(try numbers == [1])
        #expect(throws: Refused.self) { try insert(2, fails: true) }
        #expect(throws: DatabaseError.self) { try insert(1) }
        #expect(try numbers == [1])
        #expect(try insert(3) == 3)
    }

    @Test func `those that come while another writes share one commit, and what one of them throws is its own`() throws {
        let (begun, goOn, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchGroup())
        let results = Mutex<[Int: String]>([:])
        func start(_ body: @escaping @Sendable () -> Void) {
            ended.enter()
            Thread {
                body()
                ended.leave()
            }.start()
        }
        start { [writes] in
            try? writes.write { _ in
                begun.signal()
                goOn.wait()
            }
        }
        begun.wait()
        for number in 1...9 {
            start {
                let result: String
                do { result = "\(try insert(number, fails: number % 3 == 0))" } catch { result = "\(type(of: error))" }
                results.withLock { $0[number] = result }
            }
        }
        while writes.waiting < 9 { sched_yield() }
        let before = commits.count
        goOn.signal()
        ended.wait()
        #expect(try numbers == [1, 2, 4, 5, 7, 8])
        for number in 1...9 { #expect(results.withLock { $0[number] } == (number % 3 == 0 ? "Refused" : "\(number)")) }
        // That of the first, which wrote nothing, and one more.
        #expect(commits.count - before == 2)
    }

    @Test func `a commit that fails fails for all`() throws {
        try pool.write { try $0.execute(sql: "CREATE TABLE children (number INTEGER REFERENCES numbers DEFERRABLE INITIALLY DEFERRED)") }
        #expect(throws: DatabaseError.self) {
            try writes.write { try $0.run("INSERT INTO children VALUES (7)") }
        }
        #expect(try insert(1) == 1)
        #expect(try pool.read { try Int.first($0, "SELECT count(*) FROM children") } == 0)
    }
}

/// Counts the commits of a connection.
private final class CommitCount: Sendable {
    private let commits = Mutex(0)

    var count: Int { commits.withLock { $0 } }

    func watch(_ database: Database) {
        let hook: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = { counter in
            Unmanaged<CommitCount>.fromOpaque(counter!).takeUnretainedValue().commits.withLock { $0 += 1 }
            return 0
        }
        sqlite3_commit_hook(database.sqliteConnection, hook, Unmanaged.passUnretained(self).toOpaque())
    }
}
