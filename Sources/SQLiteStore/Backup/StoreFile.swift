import Glibc

/// Makes and checks files that hold a whole store.
enum StoreFile {
    /// Copies a store, as it is at one moment, to a new file that only its owner can read, and that is durable.
    ///
    /// The store stays in use meanwhile. A file that is there is not overwritten.
    static func copy(_ source: StoreSource, to path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw UnusableFile(path, doing: "cannot be made") }
        close(descriptor)
        do {
            try copyPages(source, path)
            try sync(path)
        } catch {
            unlink(path)
            throw error
        }
    }

    private static func copyPages(_ source: StoreSource, _ path: String) throws {
        let copy = try DatabaseQueue(path: path)
        try source.queue.backup(to: copy)
        // One file, without a log beside it.
        try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        copy.close()
    }

    /// Throws ``UnusableFile`` when a database is damaged, is no store, or is one of another version.
    static func check(_ database: Database, _ path: String) throws {
        let problems = try String.all(database, "PRAGMA integrity_check(3)")
        guard problems == ["ok"] else { throw UnusableFile(path, "is damaged: \(problems.joined(separator: "; "))") }
        guard try database.first("PRAGMA foreign_key_check", [], { _ in true }) == nil else {
            throw UnusableFile(path, "is damaged: rows belong to rows that are not there")
        }
        try StoreSchema.check(database, path)
    }

    /// Makes a file, or the names in a folder, survive a loss of power.
    static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw UnusableFile(path, doing: "cannot be opened") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw UnusableFile(path, doing: "cannot be written") }
    }

    /// The folder of a file.
    static func folder(of path: String) -> String {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder
    }

    /// Gives a file a second name, unless the name is taken.
    static func link(_ path: String, as name: String) throws {
        guard Glibc.link(path, name) == 0 else { throw UnusableFile(name, doing: "cannot be made") }
    }
}
