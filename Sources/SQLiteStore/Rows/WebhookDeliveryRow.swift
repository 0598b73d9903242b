import Jobs

/// A row of the table `announcements`: how an delivery becomes columns and comes back.
extension WebhookDelivery {
    /// The columns, in the order in which they are read.
    static let selection = """
        announcements.url, announcements.state, announcements.number, announcements.ended_at, announcements.attempts,
        announcements.next_attempt_at, announcements.outcome
        """

    /// Reads the columns of ``selection``; nil where a job has none.
    init?(_ columns: inout RowReader) throws {
        guard let url = columns.optional() as String? else { return nil }
        guard let state = State(rawValue: columns.next()) else { throw DatabaseError(message: "the delivery of a job is not readable") }
        self.init(url: url)
        self.state = state
        number = columns.count()
        end = columns.time()
        attempts = columns.count()
        nextAttemptAt = columns.time()
        outcome = columns.optional()
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
