import Jobs
import TestSupport
import Testing

@testable import SQLiteStore

/// Tests the values that go into a statement and come out of it.
@Suite struct StatementTests {
    private let database: DatabaseQueue

    init() throws {
        database = try DatabaseQueue()
        try database.write { try $0.execute(sql: "CREATE TABLE things (number INTEGER, words TEXT UNIQUE)") }
    }

    private func words() throws -> [String?] {
        try database.read { try $0.all("SELECT words FROM things ORDER BY rowid") { $0.optional() } }
    }

    @Test(arguments: ["", "a", "a lighthouse at dusk", "é 灯台 🗼", "with\u{0}zero", String(repeating: "x", count: 100_000)])
    func `a text comes back as it was, an empty one too`(text: String) throws {
        try database.write { try $0.run("INSERT INTO things (words) VALUES (?)", [text]) }
        #expect(try words() == [text])
    }

    @Test func `nil is NULL, and NULL is nil`() throws {
        try database.write { try $0.run("INSERT INTO things VALUES (?, ?)", [nil as Int?, nil as String?]) }
        #expect(try words() == [nil])
        #expect(try database.read { try Int.first($0, "SELECT number FROM things") } == nil)
        #expect(try database.read { try Int.first($0, "SELECT count(*) FROM things WHERE words IS NULL") } == 1)
    }

    @Test(arguments: [Int64.min, -1, 0, 1, .max]) func `a number comes back as it was`(number: Int64) throws {
        try database.write { try $0.run("INSERT INTO things (number) VALUES (?)", [number]) }
        #expect(try database.read { try Int64.first($0, "SELECT number FROM things") } == number)
    }

    @Test func `columns are read from left to right, and those that are known are passed over`() throws {
        let read = try database.read { database in
            try database.first("SELECT 1, 'two', NULL, 4000, true") { columns in
                let first: Int = columns.next()
                columns.skip(2)
                return (first, columns.knownTime(), columns.next() as Bool)
            }
        }
        #expect(try #require(read) == (1, Timestamp(milliseconds: 4000), true))
    }

    @Test func `a statement with too many or too few values is not run`() throws {
        for values in [[], ["a", "b"]] {
            #expect(throws: DatabaseError.self) {
                try database.write { try $0.run("INSERT INTO things (words) VALUES (?)", values) }
            }
        }
        #expect(try words() == [])
    }

    @Test func `an error says what is wrong, and not what the values were; the statement can be used again`() throws {
        let insert = { (text: String) in try database.write { try $0.run("INSERT INTO things (words) VALUES (?)", [text]) } }
        try insert("a secret")
        let error = #expect(throws: DatabaseError.self) { try insert("a secret") }
        #expect(error?.resultCode == .SQLITE_CONSTRAINT)
        #expect(error?.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE)
        #expect(error?.description.contains("secret") == false)
        try insert("another one")
        #expect(try words() == ["a secret", "another one"])
    }

    @Test func `a transaction whose body throws leaves nothing, and the next one can begin`() throws {
        struct Refused: Error {}
        try database.writeWithoutTransaction { (database: Database) throws in
            #expect(throws: Refused.self) {
                try database.transaction("IMMEDIATE") {
                    try database.run("INSERT INTO things (words) VALUES ('a')")
                    throw Refused()
                }
            }
            #expect(!database.isInsideTransaction)
            #expect(try database.transaction("IMMEDIATE") { 7 } == 7)
        }
        #expect(try words() == [])
    }
}
