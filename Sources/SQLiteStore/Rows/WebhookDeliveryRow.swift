import Jobs

/// A row of the table `deliveries`.
extension WebhookDelivery {
    /// The columns, in the order in which ``init(_:)`` reads them.
    static let selection = """
        deliveries.url, deliveries.state, deliveries.number, deliveries.ended_at, deliveries.attempts,
        deliveries.next_attempt_at, deliveries.outcome
        """

    /// Reads a row; nil where a job has none.
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
            INSERT INTO deliveries (job, url, state, number, ended_at, attempts, next_attempt_at, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (job) DO UPDATE SET url = excluded.url, state = excluded.state, number = excluded.number,
                ended_at = excluded.ended_at, attempts = excluded.attempts, next_attempt_at = excluded.next_attempt_at,
                outcome = excluded.outcome
            """,
            [job, url, state.rawValue, number, end?.milliseconds, attempts, nextAttemptAt?.milliseconds, outcome])
    }
}
