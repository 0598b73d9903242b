import GRDB
import Jobs

/// Puts jobs into the queue as it is within one transaction: how many wait before each, and what all of them depend on is read once.
struct QueuedJobs {
    private let database: Database
    private var pace: Pace?
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
        let all = try Int.first(database, "SELECT sum(submissions) FROM waiting_blocks") ?? 0
        var jobs = QueuedJobs(database)
        jobs.latest = (seq, all - job.submissions.count { $0.state == .waiting })
        return try jobs.queued(job, seq, pictures: [])
    }

    private mutating func queued(_ job: Job, _ seq: Int64, pictures: [Picture]? = nil) throws -> QueuedJob {
        let waits = job.submissions.contains { $0.state == .waiting }
        return QueuedJob(
            job: job, position: waits ? try position(of: seq) : 0, pace: try presentPace(),
            usualRun: job.state.isFinished ? nil : try usualRun(of: job.request.model),
            pictures: try pictures ?? SQLiteStore.pictures(of: seq, database))
    }

    private mutating func presentPace() throws -> Pace {
        let found = try pace ?? Pace(database)
        pace = found
        return found
    }

    /// How many submissions wait before a job: whole blocks are counted already.
    private mutating func position(of seq: Int64) throws -> Int {
        let position: Int
        if let latest, (0..<256).contains(seq - latest.seq) {
            position = latest.position + (latest.seq == seq ? 0 : try waiting(from: latest.seq, to: seq))
        } else {
            let block = seq >> 8
            let blocks = try Int.first(database, "SELECT sum(submissions) FROM waiting_blocks WHERE block < ?", [block]) ?? 0
            position = blocks + (try waiting(from: block << 8, to: seq))
        }
        latest = (seq, position)
        return position
    }

    /// How many submissions wait of a job and of those between it and another.
    private func waiting(from first: Int64, to end: Int64) throws -> Int {
        let sql = "SELECT count(*) FROM submissions WHERE state = 'waiting' AND job >= ? AND job < ?"
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
