import GRDB
import Jobs

/// A job with all its submissions, as the tables have it.
struct JobRow {
    var job: Job
    let seq: Int64
    private let stored: [Submission]

    private let storedAnnouncement: Announcement?

    private static let selection = """
        SELECT jobs.seq, jobs.id, jobs.client, jobs.request, jobs.warnings, jobs.created_at,
            \(Submission.selection), \(Announcement.selection)
        FROM jobs JOIN submissions ON submissions.job = jobs.seq LEFT JOIN announcements ON announcements.job = jobs.seq
        """
    /// Where the columns of a submission begin.
    private static let ofSubmission = 6

    /// The jobs for which `condition` (about `jobs`) is true, in the order of the queue, or the newest first.
    static func fetchAll(
        _ database: Database, where condition: String, arguments: StatementArguments = [], newestFirst: Bool = false
    ) throws -> [JobRow] {
        let sql = "\(selection) WHERE \(condition) ORDER BY jobs.seq \(newestFirst ? "DESC" : "ASC"), part"
        var found: [JobRow] = []
        var parts: [Row] = []
        for row in try Row.all(database, sql, arguments) {
            if let first = parts.first, first[0] as Int64 != row[0] {
                found.append(try JobRow(parts))
                parts = []
            }
            parts.append(row)
        }
        return parts.isEmpty ? found : found + [try JobRow(parts)]
    }

    /// The job for which `condition` is true; nil when there is none.
    static func fetchOne(_ database: Database, where condition: String, arguments: StatementArguments = []) throws -> JobRow? {
        try fetchAll(database, where: condition, arguments: arguments).first
    }

    private init(_ parts: [Row]) throws {
        var columns = RowReader(parts[0])
        seq = columns.next()
        guard let id = JobID(columns.next() as String) else { throw DatabaseError(message: "job \(seq) is not readable") }
        let (client, request, warnings) = (columns.next() as String, columns.next() as String, columns.next() as String)
        let createdAt = columns.knownTime()
        stored = try parts.map { row in
            columns = RowReader(row, from: Self.ofSubmission)
            return try Submission(&columns)
        }
        storedAnnouncement = try Announcement(&columns)
        job = Job(
            id: id, request: try JSONColumn.decode(request), client: Client(key: client), requestWarnings: try Warnings(warnings).list,
            createdAt: createdAt, submissions: stored, announcement: storedAnnouncement)
    }

    /// Writes a new job, which waits behind all others, and returns its place in the queue.
    static func insert(_ job: Job, _ database: Database) throws -> Int64 {
        try database.run(
            "INSERT INTO jobs (id, client, request, warnings, created_at, state) VALUES (?, ?, ?, ?, ?, ?)",
            [
                job.id.description, job.client.key, try JSONColumn.encode(job.request), try JSONColumn.encode(job.requestWarnings),
                job.createdAt.milliseconds, job.state.rawValue,
            ])
        let seq = database.lastInsertedRowID
        for (index, submission) in job.submissions.enumerated() {
            try submission.insert(job: seq, part: index + 1, model: job.request.model, database)
        }
        try job.announcement?.save(job: seq, database)
        return seq
    }

    /// Writes what has changed, and plans what is to be told of it.
    mutating func update(_ database: Database) throws {
        job.planAnnouncement()
        if job.announcement != storedAnnouncement { try job.announcement?.save(job: seq, database) }
        for (index, submission) in job.submissions.enumerated() {
            if index >= stored.count {
                try submission.insert(job: seq, part: index + 1, model: job.request.model, database)
            } else if submission != stored[index] {
                try submission.update(job: seq, part: index + 1, database)
            }
        }
        try database.run(
            "UPDATE jobs SET state = ?, finished_at = ? WHERE seq = ?",
            [job.state.rawValue, job.finishedAt?.milliseconds, seq])
    }
}
