import Glibc
public import Jobs

/// A copy of a store in one file, made beside whoever uses the store.
public enum StoreBackup {
    /// Writes all that the store at `path` holds at one moment to a new file, whole and durable when this returns.
    ///
    /// It is for the owner's eyes only (mode 0600). The copy is checked before it gets its name: a file with that name is good. What a
    /// process leaves behind that is killed meanwhile ends in `.partial`, and is removed by the next backup to the same folder, an hour later
    /// at the soonest.
    ///
    /// - Throws: ``UnusableFile`` when `file` is there already or cannot be made, ``StoreInUse``, `DatabaseError`.
    public static func make(of path: String, at file: String, now: Timestamp) throws {
        guard access(file, F_OK) != 0 else { throw UnusableFile(file, "is there already, and is not overwritten") }
        let lock = try StoreLock(beside: path, isShared: true)
        PartialFile.removeLeft(in: StoreFile.folder(of: file), at: now)
        let partial = PartialFile.path(for: file)
        defer { unlink(partial) }
        try withExtendedLifetime(lock) { try StoreFile.copy(path, to: partial) }
        try DatabaseQueue(path: partial).read { try StoreFile.check($0, partial) }
        try StoreFile.link(partial, as: file)
        try StoreFile.sync(StoreFile.folder(of: file))
    }
}
