import Glibc
public import Jobs

/// Replaces a store that is not in use by a backup.
///
/// A backup's ledger is older than what has happened. So everything that could be paid twice fails, and everything that could come too early
/// is put off; see ``Job/recover(fromBackupAt:notBefore:)`` and ``Pace/recover(fromBackupAt:rules:)``.
public struct StoreRestoration: Sendable {
    /// The result of a restoration.
    public struct Report: Hashable, Sendable {
        /// The file in which the former store is kept; nil when there was none.
        public let former: String?
        /// How many jobs the store has.
        public let jobs: Int
        /// The jobs that failed because something was not sent, or not known to be, when the backup was made.
        public let ended: [JobID]
    }

    private let source: StoreSource
    private let path: String
    private let rules: PaceRules
    private let words: String

    /// A restoration of the store at `path` from `source`.
    ///
    /// - Parameter words: Why the queue is paused afterwards.
    public init(of path: String, from source: StoreSource, rules: PaceRules, pausedBecause words: String) {
        self.path = path
        self.source = source
        self.rules = rules
        self.words = words
    }

    /// Checks the backup, makes a store of it, and puts that in the place of the former one, which is kept under a dated name.
    ///
    /// Whenever the process is killed, either the former or the new store is there, whole. The next process that opens the store removes what
    /// is left, except the former store's dated name.
    ///
    /// - Parameter isUnchanged: Whether no service has run since the backup was made: then everything goes on as it was, without a pause.
    /// - Throws: ``StoreInUse``, ``UnusableFile``, `DatabaseError`.
    public func run(at now: Timestamp, isUnchanged: Bool) throws -> Report {
        let lock = try StoreLock(beside: path, isShared: false)
        defer { withExtendedLifetime(lock) {} }
        PartialFile.removeLeft(of: path)
        // Before anything else: SQLite may remove the log of a damaged store when it opens it.
        let former = try PreviousStore(of: path, at: now)
        do {
            let (jobs, ended) = try exchange(former, at: now, isUnchanged: isUnchanged)
            return Report(former: former?.name, jobs: jobs, ended: ended)
        } catch {
            former?.forget()
            throw error
        }
    }

    private func exchange(_ former: PreviousStore?, at now: Timestamp, isUnchanged: Bool) throws -> (jobs: Int, ended: [JobID]) {
        let formerEpoch = former == nil ? nil : try? latestEpoch()
        let new = PartialFile.path(for: path)
        defer { unlink(new) }
        do {
            try StoreFile.copy(source, to: new)
        } catch let error as DatabaseError {
            throw UnusableFile(source.file, "cannot be read as a store: \(error.message ?? "unknown error")")
        }
        let prepared = try prepare(new, at: now, epoch: formerEpoch ?? 0, isUnchanged: isUnchanged)
        try former?.fold()
        guard rename(new, path) == 0 else { throw UnusableFile(path, doing: "cannot be exchanged") }
        // The exchange is done: if this fails, the former store must keep its name.
        try? StoreFile.sync(StoreFile.folder(of: path))
        return prepared
    }

    private func latestEpoch() throws -> Int {
        try DatabaseQueue(path: path).read { try Int.first($0, "SELECT epoch FROM dispatcher") ?? 0 }
    }

    /// Turns the copy into a store that can go on.
    private func prepare(_ new: String, at now: Timestamp, epoch: Int, isUnchanged: Bool) throws -> (jobs: Int, ended: [JobID]) {
        let queue = try DatabaseQueue(path: new)
        try queue.read { try StoreFile.check($0, source.file) }
        let result = try queue.write { database in
            // An epoch is never used again.
            try database.run("UPDATE dispatcher SET epoch = max(epoch, ?)", [epoch])
            let jobs = try Int.first(database, "SELECT count(*) FROM jobs") ?? 0
            return (jobs, isUnchanged ? [] : try recover(database, at: now))
        }
        queue.close()
        try StoreFile.sync(new)
        return result
    }

    private func recover(_ database: Database, at now: Timestamp) throws -> [JobID] {
        try Pace.change(database) { pace in
            pace.recover(fromBackupAt: now, rules: rules)
            pace.pause(because: words)
        }
        let underWay = """
            SELECT job FROM submissions
            WHERE state IN ('waiting', 'submitting', 'unconfirmed', 'running') OR next_refresh_at IS NOT NULL
            """
        return try JobRow.fetchAll(database, where: "jobs.seq IN (\(underWay))").compactMap { row in
            var row = row
            let hasEnded = try row.job.recover(fromBackupAt: now, notBefore: now + rules.pollRateLimitPause)
            try row.update(database)
            return hasEnded ? row.job.id : nil
        }
    }
}
