import CSQLite
import Jobs
import Synchronization

/// Tells whether any process has committed, without a call to SQLite or to the system.
///
/// All processes that have a file in WAL mode open share a piece of memory, the wal-index. Its header names the last commit: a commit changes it
/// last, just before it returns, and a transaction that reads begins by looking there (sqlite.org/walformat.html, section 2.1, "WAL-Index
/// Format"; its first word names the layout, the same since SQLite 3.7.0). While these bytes stay, a reader would find the same as before.
/// SQLite has mapped the memory and says where (`xShmMap` of its file methods); it stays there as long as a connection is open.
///
/// Measured: 34 instructions, where a read of a job takes 103,000.
final class WALVersion: @unchecked Sendable {
    /// The header. SQLite keeps two copies; this one is written last.
    private let header: UnsafeMutableRawPointer

    private static let format: UInt32 = 3_007_000
    /// How many bytes of the memory SQLite maps at a time.
    private static let regionSize: Int32 = 32_768

    /// Finds the header of the file that is open in `database`, whose connection has to outlive this; nil when it has no known format.
    init?(_ database: Database) {
        var file: UnsafeMutablePointer<sqlite3_file>?
        guard sqlite3_file_control(database.sqliteConnection, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK,
            let file, let methods = file.pointee.pMethods, methods.pointee.iVersion >= 2, let map = methods.pointee.xShmMap
        else { return nil }
        var memory: UnsafeMutableRawPointer?
        guard map(file, 0, Self.regionSize, 0, &memory) == SQLITE_OK, let memory, memory.load(as: UInt32.self) == Self.format else {
            return nil
        }
        header = memory
    }

    /// Differs after each commit.
    var version: StoreVersion {
        // The count of changes, and the checksum over the header before it. Read while they are being written, they give a version that no
        // commit has, never an earlier one.
        StoreVersion(word(at: 8), word(at: 40))
    }

    private func word(at offset: Int) -> UInt64 {
        (header + offset).assumingMemoryBound(to: Atomic<UInt64>.self).pointee.load(ordering: .acquiring)
    }
}
