import Jobs

/// A job as the tables have it, with its submissions and its webhook.
struct JobRow {
    var job: Job
    let seq: Int64
    /// The job as it is in the tables.
    private var stored: Job

    private static let selection = """
        SELECT jobs.seq, jobs.id, jobs.client, jobs.request, jobs.warnings, jobs.created_at,
            \(Submission.selection), \(WebhookDelivery.selection)
        FROM jobs JOIN submissions ON submissions.job = jobs.seq LEFT JOIN deliveries ON deliveries.job = jobs.seq
        """
    /// How many columns come before those of a submission. They are the same in all rows of a job.
    private static let ofJob = 6

    /// The jobs that meet `condition`, which is about `jobs`, in the order of the queue or the newest first.
    static func fetchAll(
        _ database: Database, where condition: String, arguments: [(any ColumnConvertible)?] = [], newestFirst: Bool = false
    ) throws -> [JobRow] {
        try fetchPart(database, where: condition, arguments: arguments, newestFirst: newestFirst, limit: .max, bytes: .max).rows
    }

    /// At most `limit` of these jobs, whose requests have at most `bytes` together, but at least one; and whether there are more.
    static func fetchPart(
        _ database: Database, where condition: String, arguments: [(any ColumnConvertible)?], newestFirst: Bool, limit: Int, bytes: Int,
        request: GenerationRequest? = nil
    ) throws -> (rows: [JobRow], hasMore: Bool) {
        let sql = "\(selection) WHERE \(condition) ORDER BY jobs.seq \(newestFirst ? "DESC" : "ASC"), part"
        var found: [JobRow] = []
        var (left, hasMore) = (bytes, false)
        try database.step(sql, arguments) { columns in
            let seq: Int64 = columns.next()
            if let last = found.indices.last, found[last].seq == seq {
                columns.skip(ofJob - 1)
                found[last].add(try Submission(&columns))
            } else {
                // Before anything of the row is copied or decoded.
                left -= columns.size(after: 2)
                guard found.isEmpty || (found.count < limit && left >= 0) else {
                    hasMore = true
                    return false
                }
                found.append(try JobRow(seq, &columns, request))
            }
            return true
        }
        return (found, hasMore)
    }

    /// The job that meets `condition`; nil when there is none.
    ///
    /// - Parameter request: Its request if it is known, which is not read then.
    static func fetchOne(
        _ database: Database, where condition: String, arguments: [(any ColumnConvertible)?] = [], request: GenerationRequest? = nil
    ) throws -> JobRow? {
        try fetchPart(
            database, where: condition, arguments: arguments, newestFirst: false, limit: .max, bytes: .max, request: request
        ).rows.first
    }

    /// Reads the first row of a job.
    private init(_ seq: Int64, _ columns: inout RowReader, _ request: GenerationRequest?) throws {
        self.seq = seq
        guard let id = JobID(columns.next() as String) else { throw DatabaseError(message: "job \(seq) is not readable") }
        let client: String = columns.next()
        if request != nil { columns.skip(1) }
        let request = try request ?? RequestCache.request(columns.next())
        let warnings: String = columns.next()
        let createdAt = columns.knownTime()
        stored = Job(
            id: id, request: request, client: Client(key: client),
            requestWarnings: try JSONColumn.decodeList(warnings),
            createdAt: createdAt, submissions: [try Submission(&columns)], delivery: try WebhookDelivery(&columns))
        job = stored
    }

    private mutating func add(_ submission: Submission) {
        stored.submissions.append(submission)
        job.submissions.append(submission)
    }

    /// A job that is about to be written. Its columns are encoded before the transaction begins, which others wait for.
    struct New {
        private let job: Job
        private let values: [(any ColumnConvertible)?]

        init(_ job: Job) throws {
            self.job = job
            values = [
                job.id.description, job.client.key, try JSONColumn.encode(job.request), try JSONColumn.encodeList(job.requestWarnings),
                job.createdAt.milliseconds, job.state.rawValue,
            ]
        }

        /// Writes it behind all others, and returns its `seq`.
        func insert(_ database: Database) throws -> Int64 {
            try database.run("INSERT INTO jobs (id, client, request, warnings, created_at, state) VALUES (?, ?, ?, ?, ?, ?)", values)
            let seq = database.lastInsertedRowID
            for (index, submission) in job.submissions.enumerated() {
                try submission.insert(job: seq, part: index + 1, model: job.request.model, database)
            }
            try job.delivery?.save(job: seq, database)
            return seq
        }
    }

    /// Writes what has changed, and plans the delivery that follows from it.
    mutating func update(_ database: Database) throws {
        job.planDelivery()
        if job.delivery != stored.delivery { try job.delivery?.save(job: seq, database) }
        for (index, submission) in job.submissions.enumerated() {
            if index >= stored.submissions.count {
                try submission.insert(job: seq, part: index + 1, model: job.request.model, database)
            } else if submission != stored.submissions[index] {
                let stored = stored.submissions[index]
                try submission.update(from: stored, job: seq, part: index + 1, database)
                if stored.state == .completed { try SQLiteStore.movePictures(of: seq, from: stored.urls, to: submission.urls, database) }
            }
        }
        guard job.state != stored.state || job.finishedAt != stored.finishedAt else { return }
        try database.run(
            "UPDATE jobs SET state = ?, finished_at = ? WHERE seq = ?",
            [job.state.rawValue, job.finishedAt?.milliseconds, seq])
    }
}
