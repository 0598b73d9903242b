import Glibc
public import Jobs

/// A copy of a store in one file, made beside whoever uses the store.
public struct StoreBackup: Sendable {
    private let lock: StoreLock
    private let source: StoreSource

    /// Opens the store at `path`. It cannot be restored from now on.
    ///
    /// - Throws: ``StoreInUse``, ``UnusableFile``.
    public init(of path: String) throws {
        lock = try StoreLock(beside: path, isShared: true)
        source = try StoreSource(path)
    }

    /// Writes all that the store holds at one moment to a new file, whole and durable when this returns.
    ///
    /// It is for the owner's eyes only (mode 0600). The copy is checked before it gets its name: a file with that name is good. What a
    /// process leaves behind that is killed meanwhile ends in `.partial`, and is removed by the next backup to the same folder, an hour later
    /// at the soonest.
    ///
    /// - Throws: ``UnusableFile`` when `file` is there already or cannot be made, `DatabaseError`.
    public func make(at file: String, now: Timestamp) throws {
        guard access(file, F_OK) != 0 else { throw UnusableFile(file, "is there already, and is not overwritten") }
        PartialFile.removeLeft(in: StoreFile.folder(of: file), at: now)
        let partial = PartialFile.path(for: file)
        defer { unlink(partial) }
        try StoreFile.copy(source, to: partial)
        try DatabaseQueue(path: partial).read { try StoreFile.check($0, partial) }
        try StoreFile.link(partial, as: file)
        try StoreFile.sync(StoreFile.folder(of: file))
    }
}
