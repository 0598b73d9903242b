import Jobs

/// A row of the ledger.
extension Call {
    /// The columns, in the order in which ``init(_:)`` reads them.
    static let selection = "id, kind, epoch, job, part, poll_round, started_at, ended_at, outcome"

    /// Reads a row.
    init(_ columns: inout RowReader) throws {
        let (id, word, epoch, text) = (columns.next() as Int64, columns.next() as String, columns.next() as Int, columns.next() as String)
        guard let kind = Kind(rawValue: word), let job = JobID(text) else {
            throw DatabaseError(message: "call \(id) of the ledger is not readable")
        }
        self.init(
            id: id, kind: kind, epoch: epoch, job: job, part: columns.next(), pollRound: columns.next(), startedAt: columns.knownTime(),
            endedAt: columns.time(), outcome: (columns.optional() as String?).map(CallOutcome.init))
    }

    /// Writes a call that is about to be made.
    static func insert(
        _ kind: Kind, epoch: Int, job: JobID, part: Int = 1, pollRound: Int = 1, at now: Timestamp, _ database: Database
    ) throws -> Call {
        try database.run(
            "INSERT INTO calls (kind, epoch, job, part, poll_round, started_at) VALUES (?, ?, ?, ?, ?, ?)",
            [kind.rawValue, epoch, job.description, part, pollRound, now.milliseconds])
        return Call(
            id: database.lastInsertedRowID, kind: kind, epoch: epoch, job: job, part: part, pollRound: pollRound, startedAt: now)
    }

    /// Completes the row of a call that has ended.
    func complete(_ outcome: CallOutcome, at now: Timestamp, _ database: Database) throws {
        try database.run(
            "UPDATE calls SET ended_at = ?, outcome = ? WHERE id = ?", [now.milliseconds, outcome.rawValue, id])
    }
}
