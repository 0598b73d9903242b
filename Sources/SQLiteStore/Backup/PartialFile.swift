import FoundationEssentials
import Glibc
import Jobs

/// Files that are being made, `NAME.PROCESS.partial`, until they get their name; and those that killed processes have left.
enum PartialFile {
    /// How long a file has to be unchanged to count as left: a process on another machine may be making it.
    static let patience: Duration = .seconds(3600)

    private static let magic = Array("SQLite format 3\0".utf8)

    /// The name under which this process makes `file`.
    static func path(for file: String) -> String { "\(file).\(getpid()).partial" }

    /// Removes what killed restorations of the store at `path` have left. The caller has the store's lock, so none is under way.
    static func removeLeft(of path: String) {
        let folder = StoreFile.folder(of: path)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        for left in names(in: folder) where left.base == name { remove("\(folder)/\(left.name)") }
    }

    /// Removes what this user's killed backups have left in a folder: files whose process is gone and that have not changed for an hour.
    static func removeLeft(in folder: String, at now: Timestamp) {
        for left in names(in: folder) where !isAlive(left.process) {
            let path = "\(folder)/\(left.name)"
            guard let writtenAt = writtenAt(path), now - writtenAt >= patience else { continue }
            remove(path)
        }
    }

    private static func names(in folder: String) -> [(name: String, base: String, process: pid_t)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { name in
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count >= 3, parts.last == "partial", let process = pid_t(parts[parts.count - 2]), process > 0 else { return nil }
            return (name, parts.dropLast(2).joined(separator: "."), process)
        }
    }

    /// This process's own number in a folder belongs to an earlier process.
    private static func isAlive(_ process: pid_t) -> Bool {
        process != getpid() && (kill(process, 0) == 0 || errno == EPERM)
    }

    /// When a file was last written; nil unless it belongs to this user alone and is empty or a database.
    private static func writtenAt(_ path: String) -> Timestamp? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var file = stat()
        guard fstat(descriptor, &file) == 0, file.st_mode == S_IFREG | 0o600, file.st_uid == geteuid() else { return nil }
        var bytes = [UInt8](repeating: 0, count: magic.count)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        // SQLite may write the first page last.
        guard count == 0 || bytes == magic || bytes.allSatisfy({ $0 == 0 }) else { return nil }
        return Timestamp(milliseconds: Int64(file.st_mtim.tv_sec) * 1000 + Int64(file.st_mtim.tv_nsec) / 1_000_000)
    }

    /// The files that SQLite keeps beside it go first, so that a removal that is killed can be taken up again.
    private static func remove(_ path: String) {
        for ending in ["-journal", "-wal", "-shm", ""] { unlink(path + ending) }
    }
}
