import GRDB
import Jobs

/// A row of the table `announcements`: how an announcement becomes columns and comes back.
extension Announcement {
    /// The columns, by names that no other table has.
    static let selection = """
        announcements.url AS announcement_url, announcements.state AS announcement_state, announcements.number AS announcement_number,
        announcements.ended_at AS announced_end, announcements.attempts AS attempts, announcements.next_attempt_at AS next_attempt_at,
        announcements.outcome AS announcement_outcome
        """

    /// nil where a job has none.
    init?(row: Row) throws {
        guard let url = row["announcement_url"] as String? else { return nil }
        guard let state = State(rawValue: row["announcement_state"]) else {
            throw DatabaseError(message: "the announcement of job \(row["job_seq"] as Int64) is not readable")
        }
        self.init(url: url)
        self.state = state
        number = row["announcement_number"]
        end = Timestamp(column: row["announced_end"])
        attempts = row["attempts"]
        nextAttemptAt = Timestamp(column: row["next_attempt_at"])
        outcome = row["announcement_outcome"]
    }

    func save(job: Int64, _ database: Database) throws {
        try database.run(
            """
            INSERT OR REPLACE INTO announcements (job, url, state, number, ended_at, attempts, next_attempt_at, outcome)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [job, url, state.rawValue, number, end?.milliseconds, attempts, nextAttemptAt?.milliseconds, outcome])
    }
}
