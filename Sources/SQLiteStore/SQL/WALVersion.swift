import CSQLite
import Jobs
import Synchronization

/// Tells whether there was a commit, by whichever process, without a call to SQLite or to the system.
///
/// All processes that have a file in WAL mode open share a piece of memory, the wal-index. Its header names the last commit: who commits
/// changes it as the very last thing, before the commit returns, and who begins to read looks there (sqlite.org/walformat.html, section
/// 2.1, "WAL-Index Format"; the layout is the same since SQLite 3.7.0, which its first word says). So whatever a reader would find is known to
/// be the same while these bytes are. SQLite itself has mapped the memory and is asked for its address (`xShmMap` of its file methods); it
/// stays where it is as long as a connection is open.
final class WALVersion: @unchecked Sendable {
    /// The header, of which SQLite keeps two copies: this is the one that is written last.
    private let header: UnsafeMutableRawPointer

    private static let format: UInt32 = 3_007_000
    /// How much of the memory SQLite maps at a time.
    private static let regionSize: Int32 = 32_768

    /// The counter of the file that is open in `database`, whose connection has to outlive it; nil when there is none of a known format.
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
        // The count of changes, and the checksum over all of the header before it. Whoever reads them while they are being written gets a
        // version that never was, and none that was.
        StoreVersion(word(at: 8), word(at: 40))
    }

    private func word(at offset: Int) -> UInt64 {
        (header + offset).assumingMemoryBound(to: Atomic<UInt64>.self).pointee.load(ordering: .acquiring)
    }
}
