import GRDB
import Jobs

/// The one row of the table `pace`.
extension Pace {
    init(_ database: Database) throws {
        guard let row = try Row.fetchOne(database, sql: "SELECT next_submit_at, silent_until FROM pace") else {
            throw DatabaseError(message: "the table pace has lost its row")
        }
        self.init(
            nextSubmitAt: Timestamp(milliseconds: row["next_submit_at"]), silentUntil: Timestamp(milliseconds: row["silent_until"]))
    }

    func update(_ database: Database) throws {
        try database.execute(
            sql: "UPDATE pace SET next_submit_at = ?, silent_until = ?",
            arguments: [nextSubmitAt.milliseconds, silentUntil.milliseconds])
    }
}
