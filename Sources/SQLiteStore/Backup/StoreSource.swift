import Glibc

/// A file that holds a whole store, open for reading.
///
/// It stays readable when the file is renamed, and when this process loses the right to open it.
public final class StoreSource: Sendable {
    /// Its name.
    let file: String
    let queue: DatabaseQueue

    /// Opens a file, whether or not it is in use.
    ///
    /// - Throws: ``UnusableFile`` when it is not there or cannot be read as a store.
    public init(_ file: String) throws {
        guard access(file, R_OK) == 0 else { throw UnusableFile(file, doing: "cannot be read") }
        self.file = file
        do {
            queue = try DatabaseQueue(path: file, options: Database.Options(isReadOnly: true, busyTimeout: .seconds(5)))
            // Opens the files that SQLite keeps beside it too.
            _ = try queue.read { try Int.first($0, "SELECT count(*) FROM sqlite_schema") }
        } catch let error as DatabaseError {
            throw UnusableFile(file, "cannot be read as a store: \(error.message ?? "unknown error")")
        }
    }
}
