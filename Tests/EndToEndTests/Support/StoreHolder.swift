@testable import SQLiteStore

/// Holds the store as a program does that writes and does not come to an end.
final class StoreHolder: Sendable {
    private let queue: DatabaseQueue

    init(_ path: String) throws {
        queue = try DatabaseQueue(path: path, options: Database.Options(busyTimeout: .seconds(5)))
        try queue.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    }

    func release() throws {
        try queue.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    }
}
