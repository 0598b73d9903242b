import Glibc
public import Jobs

/// Copies a store into one file while it is in use.
public struct StoreBackup: Sendable {
    private let lock: StoreLock
    private let source: StoreSource

    /// Opens the store at `path`. It cannot be restored while this lives.
    ///
    /// - Throws: ``StoreInUse``, ``UnusableFile``.
    public init(of path: String) throws {
        lock = try StoreLock(beside: path, isShared: true)
        source = try StoreSource(path)
    }

    /// Writes the store, as it is at one moment, to a new file, which is whole and durable when this returns.
    ///
    /// Only its owner can read it (mode 0600). It is checked before it gets its name: a file with that name is good. A process that is killed
    /// leaves a file whose name ends in `.partial`; the next backup to the same folder removes it after an hour.
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
