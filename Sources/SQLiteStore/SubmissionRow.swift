import GRDB
import Jobs

/// A row of the table `submissions`: how a submission becomes columns and comes back.
extension Submission {
    init(row: Row) throws {
        guard let state = JobState(rawValue: row["state"]) else {
            throw DatabaseError(message: "submission \(row["seq"] as Int64) is not readable")
        }
        self.init(pictures: row["pictures"])
        self.state = state
        route = row["route"]
        price = (row["price"] as Int64?).map(Money.init(millionths:))
        startedAt = Timestamp(column: row["started_at"])
        epoch = row["epoch"]
        lostAt = Timestamp(column: row["lost_at"])
        finishedAt = Timestamp(column: row["finished_at"])
        kreaID = row["krea_id"]
        kreaStatus = row["krea_status"]
        polls = row["polls"]
        look = row["look"]
        nextPollAt = Timestamp(column: row["next_poll_at"])
        soonestPollAt = Timestamp(column: row["soonest_poll_at"])
        webhookKey = (row["webhook_key"] as String?).flatMap { WebhookKey($0) }
        isHinted = row["is_hinted"]
        isHintedLook = row["is_hinted_look"]
        isCancelWanted = row["is_cancel_wanted"]
        nextCancelAt = Timestamp(column: row["next_cancel_at"])
        urls = try JSONColumn.decode(row["urls"])
        failure = (row["failure_code"] as String?).flatMap(JobFailure.Code.init).map { code in
            JobFailure(
                code, detail: row["failure_detail"], because: (row["failure_reason"] as String?).flatMap(ContentRefusal.init))
        }
        warnings = try Warnings(row["warnings"]).list
    }

    func insert(job: Int64, part: Int, model: Model, _ database: Database) throws {
        try database.run(
            Self.insertion, [job, part, model.id] + StatementArguments(try columns.map(\.value)))
    }

    func update(job: Int64, part: Int, _ database: Database) throws {
        try database.run(
            Self.change, StatementArguments(try columns.map(\.value)) + [job, part])
    }

    private static let names = (try? Submission().columns.map(\.name)) ?? []
    private static let insertion = """
        INSERT INTO submissions (job, part, model, \(names.joined(separator: ", ")))
        VALUES (?, ?, ?, \(databaseQuestionMarks(count: names.count)))
        """
    private static let change = "UPDATE submissions SET \(names.map { "\($0) = ?" }.joined(separator: ", ")) WHERE job = ? AND part = ?"

    private var columns: [(name: String, value: (any DatabaseValueConvertible)?)] {
        get throws {
            [
                ("state", state.rawValue),
                ("pictures", pictures),
                ("route", route),
                ("price", price?.millionths),
                ("started_at", startedAt?.milliseconds),
                ("epoch", epoch),
                ("lost_at", lostAt?.milliseconds),
                ("finished_at", finishedAt?.milliseconds),
                ("krea_id", kreaID),
                ("krea_status", kreaStatus),
                ("polls", polls),
                ("look", look),
                ("next_poll_at", nextPollAt?.milliseconds),
                ("soonest_poll_at", soonestPollAt?.milliseconds),
                ("webhook_key", webhookKey?.secret),
                ("is_hinted", isHinted),
                ("is_hinted_look", isHintedLook),
                ("is_cancel_wanted", isCancelWanted),
                ("next_cancel_at", nextCancelAt?.milliseconds),
                ("urls", try JSONColumn.encode(urls)),
                ("failure_code", failure?.code.rawValue),
                ("failure_detail", failure?.detail),
                ("failure_reason", failure?.refusal?.rawValue),
                ("warnings", try JSONColumn.encode(warnings)),
            ]
        }
    }
}
