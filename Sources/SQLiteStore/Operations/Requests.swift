public import Jobs

/// What the pages need; see `RequestStore`.
extension SQLiteStore {
    /// Keeps a new job, if there is room.
    public func accept(_ job: Job, key: String?) throws -> Acceptance {
        let new = try JobRow.New(job)
        let acceptance: Acceptance = try write { database in
            if let key, let earlier = try Self.jobOfKey(key, at: job.createdAt, database) {
                return earlier.job.asksForTheSame(as: job) ? .existing(try QueuedJobs.queued(earlier, database)) : .conflict
            }
            if let refused = try exceeded(by: job, database) { return refused }
            if let full = try fullQueue(for: job.client, at: job.createdAt, database) { return full }
            let seq = try new.insert(database)
            if let key {
                try database.run("INSERT OR REPLACE INTO request_keys (key, job) VALUES (?, ?)", [key, seq])
            }
            return .new(try QueuedJobs.new(job, seq, database))
        }
        // Behind others it gives the dispatcher nothing to do.
        if case .new(let queued) = acceptance, queued.position == 0 { tellObservers() }
        return acceptance
    }

    /// Reads something small.
    public func proveReadable() throws {
        _ = try read { try Int64.first($0, "SELECT max(seq) FROM jobs") }
    }

    /// The job with this ID, if there is one.
    public func job(_ id: JobID) throws -> QueuedJob? {
        try read { database in
            try Self.row(id, database).map { try QueuedJobs.queued($0, database) }
        }
    }

    /// The job again, without its request.
    public func job(_ id: JobID, of request: GenerationRequest) throws -> QueuedJob? {
        try read { database in
            try Self.row(id, of: request, database).map { try QueuedJobs.queued($0, database) }
        }
    }

    /// Whether there was a job with this ID.
    public func wasRemoved(_ id: JobID) throws -> Bool {
        try read { database in
            try Bool.first(database, "SELECT true FROM removed_jobs WHERE id = ?", [id.description]) ?? false
        }
    }

    /// The jobs that `query` asks for, the newest first.
    public func jobs(_ query: JobQuery) throws -> JobPage {
        try read { database in
            var conditions = ["true"]
            var arguments: [any ColumnConvertible] = []
            if let client = query.client {
                conditions.append("client = ?")
                arguments += [client.key]
            }
            if let after = query.after {
                conditions.append("seq < (SELECT seq FROM jobs WHERE id = ?)")
                arguments += [after.description]
            }
            if let before = query.before {
                conditions.append("jobs.created_at < ?")
                arguments += [before.milliseconds]
            }
            if let states = query.states {
                conditions.append("state IN (\(Database.placeholders(states.count)))")
                arguments += states.map(\.rawValue)
            }
            // One job more than asked for tells whether there is a next part.
            let page = "SELECT seq FROM jobs WHERE \(conditions.joined(separator: " AND ")) ORDER BY seq DESC LIMIT ?"
            let (rows, hasMore) = try JobRow.fetchPart(
                database, where: "jobs.seq IN (\(page))", arguments: arguments + [query.limit + 1], newestFirst: true, limit: query.limit,
                bytes: query.bytes)
            let items = try QueuedJobs.queued(rows, database)
            return JobPage(items: items, next: hasMore ? items.last?.job.id : nil)
        }
    }

    /// Cancels a job, or marks it to be cancelled.
    public func cancel(_ id: JobID, at now: Timestamp) throws -> QueuedJob {
        try change { database in
            try Self.update(id, database) { try $0.cancel(at: now) }
        }
    }

    /// Lets Krea be asked again.
    public func resume(_ id: JobID, at now: Timestamp) throws -> QueuedJob {
        try change { database in
            try Self.update(id, database) { try $0.resume(at: now, rules: rules) }
        }
    }

    /// Lets Krea be asked at once, if its webhook is known.
    public func noteKreaWebhook(_ key: WebhookKey, at now: Timestamp) throws -> JobID? {
        // Most calls change nothing, and those of strangers never do: they must not wait for the writer or delay others.
        guard var known = try read({ try Self.row(key, $0) }), try known.job.noteKreaWebhook(key, at: now, rules: rules) else { return nil }
        return try change { database in
            guard var row = try Self.row(key, database), try row.job.noteKreaWebhook(key, at: now, rules: rules) else { return nil }
            try row.update(database)
            return row.job.id
        }
    }

    private static func row(_ key: WebhookKey, _ database: Database) throws -> JobRow? {
        try JobRow.fetchOne(
            database, where: "jobs.seq = (SELECT job FROM submissions WHERE webhook_key = ?)", arguments: [key.secret])
    }

    /// The job that a key brought within the last 24 hours.
    private static func jobOfKey(_ key: String, at now: Timestamp, _ database: Database) throws -> JobRow? {
        try JobRow.fetchOne(
            database, where: "jobs.seq = (SELECT job FROM request_keys WHERE key = ?) AND created_at > ?",
            arguments: [key, (now - .seconds(86_400)).milliseconds])
    }

    /// Which queue has no room for one more job of `client`, if any, and until when.
    private func fullQueue(for client: Client, at now: Timestamp, _ database: Database) throws -> Acceptance? {
        let count = "SELECT jobs FROM waiting_counts WHERE client = ?"
        let total = try Int.first(database, count, [""]) ?? 0
        let mine = try Int.first(database, count, [client.key]) ?? 0
        let full: FullQueue
        // By itself SQLite would go through all that the client ever asked for (jobs_of_client).
        var first = "SELECT seq FROM jobs INDEXED BY waiting_jobs WHERE state = 'waiting'"
        var arguments: [any ColumnConvertible] = []
        if mine >= limits.perClient {
            full = .client
            first += " AND client = ?"
            arguments = [client.key]
        } else if total >= limits.total {
            full = .total
        } else {
            return nil
        }
        // One that waits for another attempt leaves later than those that it let pass.
        let isRetried = "EXISTS (SELECT 1 FROM submissions WHERE job = jobs.seq AND state = 'waiting' AND not_before IS NOT NULL)"
        first += " ORDER BY \(isRetried), seq LIMIT 1"
        guard let row = try JobRow.fetchOne(database, where: "jobs.seq = (\(first))", arguments: arguments) else { return nil }
        let leavesAt = Timetable(try QueuedJobs.queued(row, database), now: now, rules: rules).startsAt
        return .full(full, until: leavesAt ?? now + rules.creditPause)
    }

    static func existingRow(_ id: JobID, _ database: Database) throws -> JobRow {
        guard let row = try row(id, database) else { throw UnknownJob(id: id) }
        return row
    }

    private static func update(_ id: JobID, _ database: Database, _ body: (inout Job) throws -> Void) throws -> QueuedJob {
        var row = try existingRow(id, database)
        try body(&row.job)
        try row.update(database)
        return try QueuedJobs.queued(row, database)
    }

    static func row(_ id: JobID, of request: GenerationRequest? = nil, _ database: Database) throws -> JobRow? {
        try JobRow.fetchOne(database, where: "jobs.id = ?", arguments: [id.description], request: request)
    }
}
