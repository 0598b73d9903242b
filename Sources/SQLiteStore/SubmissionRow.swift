import GRDB
import Jobs

/// A row of the table `submissions`: how a submission becomes columns and comes back.
extension Submission {
    /// The columns, in the order in which they are read and written.
    static let selection = names.map { "submissions.\($0)" }.joined(separator: ", ")

    /// Reads the columns of ``selection``.
    init(_ columns: inout RowReader) throws {
        guard let state = JobState(rawValue: columns.next()) else { throw DatabaseError(message: "a submission is not readable") }
        self.init(pictures: columns.next())
        self.state = state
        route = columns.optional()
        price = (columns.optional() as Int64?).map(Money.init(millionths:))
        startedAt = columns.time()
        epoch = columns.next()
        lostAt = columns.time()
        finishedAt = columns.time()
        kreaID = columns.optional()
        kreaStatus = columns.optional()
        polls = columns.next()
        look = columns.next()
        nextPollAt = columns.time()
        soonestPollAt = columns.time()
        webhookKey = (columns.optional() as String?).flatMap { WebhookKey($0) }
        isHinted = columns.next()
        isHintedLook = columns.next()
        isCancelWanted = columns.next()
        nextCancelAt = columns.time()
        urls = try JSONColumn.decodeList(columns.next())
        let code = (columns.optional() as String?).flatMap(JobFailure.Code.init)
        let (detail, reason) = (columns.optional() as String?, columns.optional() as String?)
        failure = code.map { JobFailure($0, detail: detail, because: reason.flatMap(ContentRefusal.init)) }
        warnings = try Warnings(columns.next()).list
    }

    func insert(job: Int64, part: Int, model: Model, _ database: Database) throws {
        try database.run(Self.insertion, [job, part, model.id] + columns.map { $0.value })
    }

    /// Writes what is not as it was: what else a row has, and where it is listed, costs nothing.
    func update(from stored: Submission, job: Int64, part: Int, _ database: Database) throws {
        let changed = zip(try columns, try stored.columns).filter { $0.value != $1.value }.map { $0.0 }
        guard !changed.isEmpty else { return }
        let names = changed.map { "\($0.name) = ?" }.joined(separator: ", ")
        try database.run("UPDATE submissions SET \(names) WHERE job = ? AND part = ?", changed.map { $0.value } + [job, part])
    }

    private static let names = ((try? Submission().columns) ?? []).map { $0.name }
    private static let insertion = """
        INSERT INTO submissions (job, part, model, \(names.joined(separator: ", ")))
        VALUES (?, ?, ?, \(databaseQuestionMarks(count: names.count)))
        """

    private var columns: [(name: String, value: ColumnValue)] {
        get throws {
            [
                ("state", ColumnValue(state.rawValue)),
                ("pictures", ColumnValue(pictures)),
                ("route", ColumnValue(route)),
                ("price", ColumnValue(price?.millionths)),
                ("started_at", ColumnValue(startedAt?.milliseconds)),
                ("epoch", ColumnValue(epoch)),
                ("lost_at", ColumnValue(lostAt?.milliseconds)),
                ("finished_at", ColumnValue(finishedAt?.milliseconds)),
                ("krea_id", ColumnValue(kreaID)),
                ("krea_status", ColumnValue(kreaStatus)),
                ("polls", ColumnValue(polls)),
                ("look", ColumnValue(look)),
                ("next_poll_at", ColumnValue(nextPollAt?.milliseconds)),
                ("soonest_poll_at", ColumnValue(soonestPollAt?.milliseconds)),
                ("webhook_key", ColumnValue(webhookKey?.secret)),
                ("is_hinted", ColumnValue(isHinted)),
                ("is_hinted_look", ColumnValue(isHintedLook)),
                ("is_cancel_wanted", ColumnValue(isCancelWanted)),
                ("next_cancel_at", ColumnValue(nextCancelAt?.milliseconds)),
                ("urls", ColumnValue(try JSONColumn.encode(urls))),
                ("failure_code", ColumnValue(failure?.code.rawValue)),
                ("failure_detail", ColumnValue(failure?.detail)),
                ("failure_reason", ColumnValue(failure?.refusal?.rawValue)),
                ("warnings", ColumnValue(try JSONColumn.encode(warnings))),
            ]
        }
    }
}
