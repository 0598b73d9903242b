import Glibc
import Jobs

/// The store that a restoration replaces, kept under a second name.
struct PreviousStore {
    /// The second name.
    let name: String
    private let path: String
    /// Whether a log beside it is kept too, until it is folded into the file.
    private let hasLog: Bool

    /// Gives the store at `path`, and its log, a dated second name; nil when there is no store.
    init?(of path: String, at now: Timestamp) throws {
        guard access(path, F_OK) == 0 else { return nil }
        self.path = path
        name = "\(path).before-\(now.iso8601.replacing(":", with: "-"))"
        hasLog = access("\(path)-wal", F_OK) == 0
        try StoreFile.link(path, as: name)
        do {
            if hasLog { try StoreFile.link("\(path)-wal", as: "\(name)-wal") }
            try StoreFile.sync(StoreFile.folder(of: path))
        } catch {
            forget()
            throw error
        }
    }

    /// Removes the second name.
    func forget() {
        unlink(name)
        guard hasLog else { return }
        // SQLite may have removed the log of a damaged store; then this is the only copy.
        if access("\(path)-wal", F_OK) == 0 { unlink("\(name)-wal") } else { rename("\(name)-wal", "\(path)-wal") }
    }

    /// Folds the log into the file, and leaves no file beside it: the new store must not find another store's log.
    ///
    /// Where the store is too damaged for that, the log stays under the second name.
    func fold() throws {
        let isWhole = (try? foldLog()) != nil
        for file in ["\(path)-wal", "\(path)-shm"] where access(file, F_OK) == 0 {
            guard unlink(file) == 0 else { throw UnusableFile(file, doing: "cannot be removed") }
        }
        if isWhole { unlink("\(name)-wal") }
    }

    private func foldLog() throws {
        let queue = try DatabaseQueue(path: path)
        let mode = try queue.writeWithoutTransaction { try String.first($0, "PRAGMA journal_mode = DELETE") }
        queue.close()
        guard mode == "delete" else { throw UnusableFile(path, "cannot be folded into one file") }
    }
}
