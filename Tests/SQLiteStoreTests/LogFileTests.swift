import Foundation
import Jobs
import TestSupport
import Testing

@testable import SQLiteStore

/// Tests how large the write-ahead log gets, and that it shrinks again.
@Suite struct LogFileTests {
    private let time = TestTime()
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("jobs.sqlite")
    }

    /// Commits so much that the log grows beyond its limit.
    private func fill(_ store: SQLiteStore, from first: UInt64 = 1) throws {
        let words = String(repeating: "a lighthouse ", count: 700)
        for number in first..<(first + 1200) {
            _ = try store.accept(.sample(number, prompt: words, client: Client(key: "user:\(number)"), at: time.now), key: nil)
        }
    }

    private func open() throws -> SQLiteStore {
        var limits = QueueLimits()
        limits.total = 1_000_000
        return try SQLiteStore(path: path, rules: PaceRules(), limits: limits)
    }

    /// A connection of another process that goes on reading while `body` runs.
    private func whileReading(_ body: () throws -> Void) throws {
        let reader = try DatabaseQueue(path: path)
        try reader.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN")
            _ = try Int.first(database, "SELECT count(*) FROM jobs")
            try body()
            try database.execute(sql: "COMMIT")
        }
        reader.close()
    }

    @Test func `the log keeps its limit while no one reads for long`() throws {
        let store = try open()
        #expect(try store.pragma("journal_size_limit") == "\(SQLiteStore.logLimit)")
        try fill(store)
        #expect(store.logBytes <= SQLiteStore.logLimit)
        #expect(try store.overview(at: time.now).logBytes == store.logBytes)
    }

    @Test func `a log that a reader made grow is emptied as soon as that one has gone, and not waited for before`() throws {
        let store = try open()
        try whileReading {
            try fill(store)
            let grown = store.logBytes
            #expect(grown > SQLiteStore.logLimit)
            let start = ContinuousClock.now
            try store.shrinkLog()
            #expect(store.logBytes == grown)
            #expect(ContinuousClock.now - start < .seconds(2))
            // Whoever writes is not in the way of it.
            _ = try store.accept(.sample(9999, at: time.now), key: nil)
        }
        try store.shrinkLog()
        #expect(store.logBytes == 0)
        #expect(try store.job(.sample(9999)) != nil)
        #expect(try store.pragma("busy_timeout") == "5000")
        try store.shrinkLog(to: 0)
    }

    @Test func `a log that is small enough is left alone, and at the end it is emptied too`() throws {
        let store = try open()
        _ = try store.accept(.sample(1, at: time.now), key: nil)
        let small = store.logBytes
        try store.shrinkLog()
        #expect(small > 0)
        #expect(store.logBytes == small)
        try store.shrinkLog(to: 0)
        #expect(store.logBytes == 0)
    }
}
