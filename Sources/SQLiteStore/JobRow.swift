import Foundation
import GRDB
import Jobs

/// A job with the keys of its rows: how the domain's values become columns and come back.
struct JobRow: FetchableRecord {
    var job: Job
    let jobSeq: Int64
    let submissionSeq: Int64

    /// Everything that `init(row:)` reads; a condition on `jobs` and `submissions` can follow.
    static let selection = """
        SELECT jobs.seq AS job_seq, jobs.id, jobs.client, jobs.request, jobs.warnings AS request_warnings, jobs.created_at,
            submissions.seq AS submission_seq, submissions.*
        FROM jobs JOIN submissions ON submissions.job = jobs.seq
        """

    init(row: Row) throws {
        guard let id = JobID(row["id"] as String), let state = JobState(rawValue: row["state"]) else {
            throw DatabaseError(message: "job \(row["job_seq"] as Int64) is not readable")
        }
        jobSeq = row["job_seq"]
        submissionSeq = row["submission_seq"]
        var submission = Submission()
        submission.state = state
        submission.startedAt = Timestamp(column: row["started_at"])
        submission.epoch = row["epoch"]
        submission.lostAt = Timestamp(column: row["lost_at"])
        submission.finishedAt = Timestamp(column: row["finished_at"])
        submission.kreaID = row["krea_id"]
        submission.kreaStatus = row["krea_status"]
        submission.polls = row["polls"]
        submission.look = row["look"]
        submission.nextPollAt = Timestamp(column: row["next_poll_at"])
        submission.isCancelWanted = row["is_cancel_wanted"]
        submission.nextCancelAt = Timestamp(column: row["next_cancel_at"])
        submission.urls = try decode(row["urls"])
        submission.failure = (row["failure_code"] as String?).flatMap(JobFailure.Code.init).map { code in
            JobFailure(code, detail: row["failure_detail"])
        }
        submission.warnings = try decode(row["warnings"])
        job = Job(
            id: id, request: try decode(row["request"]), client: Client(key: row["client"]),
            requestWarnings: try decode(row["request_warnings"]), createdAt: Timestamp(milliseconds: row["created_at"]),
            submission: submission)
    }

    /// Writes a new job, which waits behind all others, and returns its key.
    static func insert(_ job: Job, _ database: Database) throws -> Int64 {
        try database.execute(
            sql: "INSERT INTO jobs (id, client, request, warnings, created_at) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                job.id.description, job.client.key, try encode(job.request), try encode(job.requestWarnings),
                job.createdAt.milliseconds,
            ])
        let seq = database.lastInsertedRowID
        let columns = try columns(of: job.submission)
        let names = columns.map(\.name).joined(separator: ", ")
        try database.execute(
            sql: "INSERT INTO submissions (job, model, \(names)) VALUES (?, ?, \(databaseQuestionMarks(count: columns.count)))",
            arguments: [seq, job.request.model.id] + StatementArguments(columns.map(\.value)))
        return seq
    }

    /// Writes what became of the submission.
    func update(_ database: Database) throws {
        let columns = try Self.columns(of: job.submission)
        let assignments = columns.map { "\($0.name) = ?" }.joined(separator: ", ")
        try database.execute(
            sql: "UPDATE submissions SET \(assignments) WHERE seq = ?",
            arguments: StatementArguments(columns.map(\.value)) + [submissionSeq])
    }

    private static func columns(of submission: Submission) throws -> [(name: String, value: (any DatabaseValueConvertible)?)] {
        [
            ("state", submission.state.rawValue),
            ("started_at", submission.startedAt?.milliseconds),
            ("epoch", submission.epoch),
            ("lost_at", submission.lostAt?.milliseconds),
            ("finished_at", submission.finishedAt?.milliseconds),
            ("krea_id", submission.kreaID),
            ("krea_status", submission.kreaStatus),
            ("polls", submission.polls),
            ("look", submission.look),
            ("next_poll_at", submission.nextPollAt?.milliseconds),
            ("is_cancel_wanted", submission.isCancelWanted),
            ("next_cancel_at", submission.nextCancelAt?.milliseconds),
            ("urls", try encode(submission.urls)),
            ("failure_code", submission.failure?.code.rawValue),
            ("failure_detail", submission.failure?.detail),
            ("warnings", try encode(submission.warnings)),
        ]
    }
}

extension Timestamp {
    init?(column: Int64?) {
        guard let column else { return nil }
        self.init(milliseconds: column)
    }
}

private func encode(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
}

private func decode<Value: Decodable>(_ text: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(text.utf8))
}
