import Jobs

/// Puts jobs into the queue as it is within one transaction: how many wait before each, and what all of them depend on is read once.
struct QueuedJobs {
    /// A submission that waits for another attempt.
    private struct Retry {
        let place: Int64
        let job: Int64
        let part: Int
        let notBefore: Timestamp
    }

    private let database: Database
    private var pace: Pace?
    private var retries: [Retry]?
    private var usualRuns: [String: Duration?] = [:]
    /// The last job whose position was looked for.
    private var latest: (seq: Int64, position: Int)?

    init(_ database: Database) {
        self.database = database
    }

    /// A job where it stands.
    static func queued(_ row: JobRow, _ database: Database) throws -> QueuedJob {
        var jobs = QueuedJobs(database)
        return try jobs.queued(row.job, row.seq)
    }

    /// A part of a list, the newest first. From the oldest on, each is counted from the one before it where that is near.
    static func queued(_ rows: some BidirectionalCollection<JobRow>, _ database: Database) throws -> [QueuedJob] {
        var jobs = QueuedJobs(database)
        return try rows.reversed().map { try jobs.queued($0.job, $0.seq) }.reversed()
    }

    /// A job that has just been kept: everything else that waits is before it.
    static func new(_ job: Job, _ seq: Int64, _ database: Database) throws -> QueuedJob {
        var jobs = QueuedJobs(database)
        jobs.latest = (seq, try jobs.allWaiting() - job.submissions.count { $0.state == .waiting })
        return try jobs.queued(job, seq, pictures: [])
    }

    private mutating func queued(_ job: Job, _ seq: Int64, pictures: [Picture]? = nil) throws -> QueuedJob {
        let waiting = job.submissions.filter { $0.state == .waiting }
        let (position, behind, retries) = waiting.isEmpty ? (0, 0, []) : try place(of: waiting, seq)
        return QueuedJob(
            job: job, position: position, behind: behind, retriesAhead: retries, pace: try presentPace(),
            usualRun: job.state.isFinished ? nil : try usualRun(of: job.request.model),
            pictures: try pictures ?? SQLiteStore.pictures(of: seq, at: job.urls, database))
    }

    /// What stands before the next submission of a job, and behind it where that may pass it.
    private mutating func place(of waiting: [Submission], _ seq: Int64) throws -> (position: Int, behind: Int, retries: [Timestamp]) {
        let retries = try presentRetries()
        let ahead = { (own: Retry) in retries.filter { ($0.place, $0.job, $0.part) < (own.place, own.job, own.part) }.map(\.notBefore) }
        let mine = retries.filter { $0.job == seq }.min { $0.notBefore < $1.notBefore }
        guard let mine, waiting.allSatisfy({ $0.notBefore != nil }) else {
            return (try position(of: seq), 0, ahead(Retry(place: seq, job: seq, part: 0, notBefore: .epoch)))
        }
        let position = try waitingBefore(mine.place)
        return (position, try allWaiting() - position, ahead(mine))
    }

    /// What waits for another attempt. Mostly there is nothing of the kind.
    private mutating func presentRetries() throws -> [Retry] {
        let sql = "SELECT place, job, part, not_before FROM submissions WHERE state = 'waiting' AND not_before IS NOT NULL"
        let found =
            try retries
            ?? database.all(sql) {
                Retry(place: $0.next(), job: $0.next(), part: $0.next(), notBefore: $0.knownTime())
            }
        retries = found
        return found
    }

    /// How many submissions wait that were never lost.
    private func allWaiting() throws -> Int {
        try Int.first(database, "SELECT sum(submissions) FROM waiting_blocks") ?? 0
    }

    /// How many of these are of a job with a lower number: whole blocks are counted already.
    private func waitingBefore(_ seq: Int64) throws -> Int {
        let block = seq >> 8
        let blocks = try Int.first(database, "SELECT sum(submissions) FROM waiting_blocks WHERE block < ?", [block]) ?? 0
        return blocks + (try waiting(from: block << 8, to: seq))
    }

    private mutating func presentPace() throws -> Pace {
        let found = try pace ?? Pace(database)
        pace = found
        return found
    }

    /// How many submissions that were never lost wait before a job.
    private mutating func position(of seq: Int64) throws -> Int {
        let position: Int
        if let latest, (0..<256).contains(seq - latest.seq) {
            position = latest.position + (latest.seq == seq ? 0 : try waiting(from: latest.seq, to: seq))
        } else {
            position = try waitingBefore(seq)
        }
        latest = (seq, position)
        return position
    }

    /// The same of a job and of those between it and another.
    private func waiting(from first: Int64, to end: Int64) throws -> Int {
        let sql = "SELECT count(*) FROM submissions WHERE state = 'waiting' AND not_before IS NULL AND job >= ? AND job < ?"
        return try Int.first(database, sql, [first, end]) ?? 0
    }

    private mutating func usualRun(of model: Model) throws -> Duration? {
        if let known = usualRuns[model.id] { return known }
        let latest = "SELECT finished_at - started_at FROM submissions WHERE state = 'completed' AND model = ? ORDER BY seq DESC LIMIT ?"
        let run = try Int64.all(database, latest, [model.id, QueuedJob.runsThatCount]).median.map { Duration.milliseconds($0) }
        usualRuns[model.id] = .some(run)
        return run
    }
}
