// JobStore on SQLite.
//
// This module turns the domain's values into rows and back, and makes each method of JobStore one transaction. The domain decides what may
// happen; no rule of pace or state stands here. It must not know HTTP, Krea's API or pages.
//
// Where the next thing goes: a method of a protocol into `Operations/`; a new column into `Schema/StoreTables.swift` and its type in `Rows/`;
// what makes SQLite faster into `SQL/`, with the gain that was measured.

import CSQLite
public import Jobs
import Synchronization

/// Keeps jobs in one SQLite file that several processes may have open at once.
///
/// The file is in WAL mode with `synchronous = FULL`: when a method has returned, its change survives kill -9 and a loss of
/// power. Readers never wait for the writer. A method waits 5 seconds for a lock of another process, and then throws.
public final class SQLiteStore: JobStore {
    /// The rules of pace that claims keep.
    public let rules: PaceRules
    /// How many jobs may wait.
    public var limits: QueueLimits { present.withLock { $0 } }

    /// Whether the file could only be opened for reading, as on a disk that is mounted read-only. This never changes while it is open.
    public let isReadOnly: Bool

    let path: String
    private let folder: (any Sendable)?
    private let lock: StoreLock
    private let writer: DatabaseQueue
    private let present: Mutex<QueueLimits>
    private let observers = Mutex<(last: Int, all: [Int: @Sendable () -> Void])>((0, [:]))
    private let others: ExternalChangeMonitor
    private let commits: WALVersion?
    private let writes: GroupCommit
    private let readers: ReaderPool
    /// The catalogue as it was last decoded, with the edition of its row.
    let knownCatalogue = Mutex<(edition: Int64, catalogue: Catalogue)?>(nil)

    /// How long to wait for a lock of another process.
    static let busyMilliseconds: Int32 = 5000

    /// Opens the file at `path`. Makes it, with its tables, if it is not there, but not its folder.
    ///
    /// - Throws: ``StoreInUse`` while the store is being restored, ``UnusableFile`` when the file is no store, or one of another version,
    ///   `DatabaseError` when it cannot be opened or is no database.
    public convenience init(path: String, rules: PaceRules, limits: QueueLimits = QueueLimits()) throws {
        try self.init(path: path, rules: rules, limits: limits, isDurable: true)
    }

    /// The same; for tests, whose stores need not survive a loss of power and go when they are closed.
    ///
    /// - Parameters:
    ///   - isDurable: Whether a commit waits for the disk. Without it a killed process still loses nothing.
    ///   - folder: Lives as long as the store.
    package init(
        path: String, rules: PaceRules, limits: QueueLimits = QueueLimits(), isDurable: Bool, in folder: (any Sendable)? = nil
    ) throws {
        self.path = path
        self.folder = folder
        lock = try StoreLock(beside: path, isShared: true)
        PartialFile.removeLeft(of: path)
        self.rules = rules
        present = Mutex(limits)
        let options = Database.Options(
            busyTimeout: .milliseconds(Self.busyMilliseconds),
            // FULL is what keeps the last commits when the power goes.
            preparation: "PRAGMA synchronous = \(isDurable ? "FULL" : "OFF"); PRAGMA journal_size_limit = \(Self.logLimit)")
        writer = try DatabaseQueue(path: path, options: options)
        let mode = try writer.writeWithoutTransaction { try String.first($0, "PRAGMA journal_mode = WAL") }
        guard mode == "wal" else { throw UnusableFile(path, "cannot be given a write-ahead log") }
        try StoreSchema.prepare(writer, path)
        isReadOnly = try writer.writeWithoutTransaction { sqlite3_db_readonly($0.sqliteConnection, "main") != 0 }
        writes = GroupCommit(writer)
        readers = ReaderPool(path: path, busyTimeout: options.busyTimeout)
        commits = try writer.writeWithoutTransaction { WALVersion($0) }
        others = ExternalChangeMonitor(writer, commits)
    }

    /// Changes the limits. Observers are called; jobs that wait already stay.
    public func change(limits: QueueLimits) {
        let isAnotherDay = present.withLock { present in
            defer { present = limits }
            return present.daily != limits.daily
        }
        // The next in line finds out itself whether there is money for it. If the store cannot be written, it waits until midnight.
        if isAnotherDay { try? write { try Pace.change($0) { $0.spendHoldUntil = .epoch } } }
        tellObservers()
    }

    /// Names the last commit.
    public var version: StoreVersion? { commits?.version }

    /// Calls `observer` after each change, also after those of other processes; see `DispatchStore`.
    @discardableResult
    public func observeChanges(_ observer: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let number = observers.withLock { observers in
            observers.last += 1
            observers.all[observers.last] = observer
            return observers.last
        }
        others.watch { [weak self] in self?.tellObservers() }
        return { [weak self] in _ = self?.observers.withLock { $0.all.removeValue(forKey: number) } }
    }

    /// The value of a setting on the connection that writes; for tests.
    func pragma(_ name: String) throws -> String? {
        try writer.writeWithoutTransaction { try String.first($0, "PRAGMA \(name)") }
    }

    /// Runs `body` on the connection that writes, outside of any transaction.
    func writeOutsideTransaction<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try StoreUnavailable.telling { try writer.writeWithoutTransaction(body) }
    }

    /// Runs a transaction that reads.
    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try StoreUnavailable.telling { try readers.read(body) }
    }

    /// Runs a transaction that writes and gives no one anything to do.
    func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try StoreUnavailable.telling { try writes.write(body) }
    }

    /// Runs a transaction that writes, and calls the observers, which may have something to do then.
    func change<Result>(_ body: (Database) throws -> Result) throws -> Result {
        let result = try write(body)
        tellObservers()
        return result
    }

    /// Calls the observers.
    func tellObservers() {
        for observer in observers.withLock({ $0.all.values.map(\.self) }) { observer() }
    }
}
