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
            submissions.seq AS submission_seq, state, started_at, finished_at, krea_id, krea_status, polls, next_poll_at, urls,
            failure_code, failure_detail, submissions.warnings
        FROM jobs JOIN submissions ON submissions.job = jobs.seq
        """

    init(row: Row) throws {
        guard let id = JobID(row["id"] as String), let state = JobState(rawValue: row["state"]) else {
            throw UnreadableRow(job: row["job_seq"])
        }
        jobSeq = row["job_seq"]
        submissionSeq = row["submission_seq"]
        var submission = Submission()
        submission.state = state
        submission.startedAt = Timestamp(column: row["started_at"])
        submission.finishedAt = Timestamp(column: row["finished_at"])
        submission.kreaID = row["krea_id"]
        submission.kreaStatus = row["krea_status"]
        submission.polls = row["polls"]
        submission.nextPollAt = Timestamp(column: row["next_poll_at"])
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
        try database.execute(
            sql: """
                INSERT INTO submissions (job, state, started_at, finished_at, krea_id, krea_status, polls, next_poll_at, urls,
                    failure_code, failure_detail, warnings)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [seq] + columns(of: job.submission))
        return seq
    }

    /// Writes what became of the submission.
    func update(_ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE submissions SET state = ?, started_at = ?, finished_at = ?, krea_id = ?, krea_status = ?, polls = ?,
                    next_poll_at = ?, urls = ?, failure_code = ?, failure_detail = ?, warnings = ?
                WHERE seq = ?
                """,
            arguments: Self.columns(of: job.submission) + [submissionSeq])
    }

    private static func columns(of submission: Submission) throws -> StatementArguments {
        [
            submission.state.rawValue, submission.startedAt?.milliseconds, submission.finishedAt?.milliseconds,
            submission.kreaID, submission.kreaStatus, submission.polls, submission.nextPollAt?.milliseconds,
            try encode(submission.urls), submission.failure?.code.rawValue, submission.failure?.detail,
            try encode(submission.warnings),
        ]
    }
}

/// A row that this version of the program cannot have written.
struct UnreadableRow: Error {
    let job: Int64
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
