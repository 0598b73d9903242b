// JobStore on SQLite, through GRDB.
//
// This module turns the domain's values into rows and back, and makes each method of JobStore one transaction. What may
// happen is decided by the domain; no rule of pace or state stands here. It must not know HTTP, Krea's API or pages.

import GRDB
public import Jobs
import Synchronization

/// Keeps jobs in one SQLite file that several processes may have open at once.
///
/// The file is in WAL mode with `synchronous = FULL`: when a method has returned, its change survives kill -9 and a loss of
/// power. Readers never wait for the writer. A lock held by somebody else is waited for 5 seconds; then the method throws.
public final class SQLiteStore: JobStore {
    /// The pace that its claims keep.
    public let rules: PaceRules

    private let pool: DatabasePool
    private let observers = Mutex<[@Sendable () -> Void]>([])

    /// Opens the file at `path`, made with its tables if it is not there, its folder not.
    ///
    /// - Parameter readers: How many threads read at the same time; more than that wait for one another.
    /// - Throws: `DatabaseError` when the file cannot be opened, is no database, or was written by a newer version.
    public init(path: String, rules: PaceRules, readers: Int) throws {
        self.rules = rules
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = readers
        pool = try DatabasePool(path: path, configuration: configuration)
        try Schema.migrator.migrate(pool)
        // GRDB sets NORMAL when it opens a connection, which in WAL mode may lose the last commits with the power.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    }

    /// Keeps a new job; see ``JobStore``.
    public func accept(_ job: Job, key: String?) throws -> Acceptance {
        let acceptance: Acceptance = try pool.write { database in
            if let key {
                let earlier = try JobRow.fetchAll(
                    database,
                    sql: JobRow.selection + " JOIN request_keys ON request_keys.job = jobs.seq WHERE key = ?", arguments: [key])
                if let first = earlier.first(where: { $0.job.request == job.request }) {
                    return .existing(try Self.queued(first, database))
                }
            }
            let seq = try JobRow.insert(job, database)
            if let key {
                try database.execute(sql: "INSERT INTO request_keys (key, job) VALUES (?, ?)", arguments: [key, seq])
            }
            guard let row = try Self.row(job.id, database) else { throw UnknownJob(id: job.id) }
            return .new(try Self.queued(row, database))
        }
        tellObservers()
        return acceptance
    }

    /// The job with this ID, if there is one.
    public func job(_ id: JobID) throws -> QueuedJob? {
        try pool.read { database in
            try Self.row(id, database).map { try Self.queued($0, database) }
        }
    }

    /// The jobs that `query` asks for, the newest first.
    public func jobs(_ query: JobQuery) throws -> JobPage {
        try pool.read { database in
            var conditions = ["client = ?"]
            var arguments: StatementArguments = [query.client.key]
            if let after = query.after {
                conditions.append("jobs.seq < (SELECT seq FROM jobs WHERE id = ?)")
                arguments += [after.description]
            }
            if let states = query.states {
                conditions.append("state IN (\(databaseQuestionMarks(count: states.count)))")
                arguments += StatementArguments(states.map(\.rawValue))
            }
            // One row more than asked for tells whether there is a next part.
            let rows = try JobRow.fetchAll(
                database,
                sql: "\(JobRow.selection) WHERE \(conditions.joined(separator: " AND ")) ORDER BY jobs.seq DESC LIMIT ?",
                arguments: arguments + [query.limit + 1])
            let items = try rows.prefix(query.limit).map { try Self.queued($0, database) }
            return JobPage(items: items, next: rows.count > items.count ? items.last?.job.id : nil)
        }
    }

    /// Takes the right to submit the first waiting job; see ``JobStore``.
    public func claimSubmit(at now: Timestamp) throws -> Claim {
        try pool.write { database in
            let first = "\(JobRow.selection) WHERE state = 'waiting' ORDER BY submissions.seq LIMIT 1"
            guard var row = try JobRow.fetchOne(database, sql: first) else { return .nothing }
            var pace = try Pace(database)
            guard now >= pace.submitAllowedAt else { return .notBefore(pace.submitAllowedAt) }
            try row.job.submission.claimForSubmit(at: now)
            pace.claimSubmit(at: now, rules: rules)
            try row.update(database)
            try pace.update(database)
            return .granted(row.job)
        }
    }

    /// Records how a claimed submission ended; see ``JobStore``.
    @discardableResult
    public func recordSubmit(_ outcome: SubmitOutcome, for id: JobID, at now: Timestamp) throws -> Job {
        try change(id) { submission, pace in
            try submission.recordSubmit(outcome, at: now, rules: rules)
            pace.recordSubmit(outcome, at: now, rules: rules)
        }
    }

    /// Takes the right to ask Krea once; see ``JobStore``.
    public func claimPoll(at now: Timestamp) throws -> Claim {
        try pool.write { database in
            let first = "\(JobRow.selection) WHERE state = 'running' ORDER BY next_poll_at LIMIT 1"
            guard var row = try JobRow.fetchOne(database, sql: first), let dueAt = row.job.submission.nextPollAt else {
                return .nothing
            }
            let allowedAt = try Pace(database).pollAllowedAt(dueAt)
            guard now >= allowedAt else { return .notBefore(allowedAt) }
            row.job.submission.claimForPoll(at: now, rules: rules)
            try row.update(database)
            return .granted(row.job)
        }
    }

    /// Records how a claimed poll ended; see ``JobStore``.
    @discardableResult
    public func recordPoll(_ outcome: PollOutcome, for id: JobID, at now: Timestamp) throws -> Job {
        try change(id) { submission, pace in
            try submission.recordPoll(outcome, at: now, rules: rules)
            pace.recordPoll(outcome, at: now, rules: rules)
        }
    }

    /// Moves jobs whose submission was interrupted to `unconfirmed`; see ``JobStore``.
    public func recoverInterruptedSubmits(at now: Timestamp) throws -> Timestamp? {
        let submitting = try changeAll(in: .submitting) { submission in
            if let moment = submission.interruptedFrom(rules), now >= moment { try submission.recoverInterruptedSubmit() }
        }
        return submitting.compactMap { $0.submission.interruptedFrom(rules) }.min()
    }

    /// Ends every job that is `unconfirmed`; see ``JobStore``.
    public func giveUpUnconfirmed(at now: Timestamp) throws -> [Job] {
        try changeAll(in: .unconfirmed) { try $0.giveUpUnconfirmed(at: now) }
    }

    /// Calls `observer` after each change of this process; see ``JobStore``.
    public func observeChanges(_ observer: @escaping @Sendable () -> Void) {
        observers.withLock { $0.append(observer) }
    }

    /// The value of a setting on the connection that writes; for tests.
    func pragma(_ name: String) throws -> String? {
        try pool.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    }

    private func change(_ id: JobID, _ body: (inout Submission, inout Pace) throws -> Void) throws -> Job {
        let job = try pool.write { database in
            guard var row = try Self.row(id, database) else { throw UnknownJob(id: id) }
            var pace = try Pace(database)
            try body(&row.job.submission, &pace)
            try row.update(database)
            try pace.update(database)
            return row.job
        }
        tellObservers()
        return job
    }

    private func changeAll(in state: JobState, _ body: (inout Submission) throws -> Void) throws -> [Job] {
        try pool.write { database in
            // Written out, not bound: SQLite takes a partial index only for a state that it can see.
            let rows = try JobRow.fetchAll(
                database, sql: "\(JobRow.selection) WHERE state = '\(state.rawValue)' ORDER BY submissions.seq")
            return try rows.map { row in
                var changed = row
                try body(&changed.job.submission)
                if changed.job != row.job { try changed.update(database) }
                return changed.job
            }
        }
    }

    private func tellObservers() {
        for observer in observers.withLock({ $0 }) { observer() }
    }

    private static func row(_ id: JobID, _ database: Database) throws -> JobRow? {
        try JobRow.fetchOne(database, sql: "\(JobRow.selection) WHERE jobs.id = ?", arguments: [id.description])
    }

    private static func queued(_ row: JobRow, _ database: Database) throws -> QueuedJob {
        var position = 0
        if row.job.state == .waiting {
            let ahead = "SELECT count(*) FROM submissions WHERE state = 'waiting' AND seq < ?"
            position = try Int.fetchOne(database, sql: ahead, arguments: [row.submissionSeq]) ?? 0
        }
        return QueuedJob(job: row.job, position: position, pace: try Pace(database))
    }
}
