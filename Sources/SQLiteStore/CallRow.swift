import GRDB
import Jobs

/// A row of the ledger.
extension Call {
    init(row: Row) throws {
        guard let kind = Kind(rawValue: row["kind"]), let job = JobID(row["job"] as String) else {
            throw DatabaseError(message: "call \(row["id"] as Int64) of the ledger is not readable")
        }
        self.init(
            id: row["id"], kind: kind, epoch: row["epoch"], job: job, part: row["part"], look: row["look"],
            startedAt: Timestamp(milliseconds: row["started_at"]), endedAt: Timestamp(column: row["ended_at"]), outcome: row["outcome"])
    }

    /// Writes a call that is about to be made.
    static func insert(
        _ kind: Kind, epoch: Int, job: JobID, part: Int = 1, look: Int = 1, at now: Timestamp, _ database: Database
    ) throws -> Call {
        try database.run(
            "INSERT INTO calls (kind, epoch, job, part, look, started_at) VALUES (?, ?, ?, ?, ?, ?)",
            [kind.rawValue, epoch, job.description, part, look, now.milliseconds])
        return Call(
            id: database.lastInsertedRowID, kind: kind, epoch: epoch, job: job, part: part, look: look, startedAt: now)
    }

    /// Completes the row of a call that has ended.
    func complete(_ outcome: String, at now: Timestamp, _ database: Database) throws {
        try database.run(
            "UPDATE calls SET ended_at = ?, outcome = ? WHERE id = ?", [now.milliseconds, outcome, id])
    }
}
