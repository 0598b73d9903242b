import Glibc

/// A lock on a file beside a store, `…-lock`: everybody who uses the store shares it, and who exchanges the store's file has it alone.
///
/// The kernel gives it up when the process ends, however it ends (flock(2)). The file stays.
final class StoreLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, without waiting.
    ///
    /// - Throws: ``StoreInUse`` when somebody has it in the other way, ``UnusableFile`` when its file cannot be made.
    init(beside path: String, isShared: Bool) throws {
        let file = "\(path)-lock"
        descriptor = open(file, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw UnusableFile(file, doing: "cannot be opened") }
        Self.handOver(descriptor, StoreFile.folder(of: path))
        guard flock(descriptor, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
            close(descriptor)
            throw StoreInUse(path: path, isBeingRestored: isShared)
        }
    }

    deinit {
        close(descriptor)
    }

    /// Root may be the first who looks at the store of another user, who needs the file then. It gets a file of root's own only if that has no
    /// other name: a second one could be that of any file of root's.
    private static func handOver(_ descriptor: Int32, _ folder: String) {
        var (file, owner) = (stat(), stat())
        guard geteuid() == 0, fstat(descriptor, &file) == 0, file.st_mode & S_IFMT == S_IFREG, file.st_nlink == 1, file.st_uid == 0,
            file.st_size == 0, stat(folder, &owner) == 0
        else { return }
        _ = fchown(descriptor, owner.st_uid, owner.st_gid)
    }
}

/// A store is used by somebody who does not go together with what was wanted.
public struct StoreInUse: Error, Equatable, CustomStringConvertible {
    /// The store.
    public let path: String
    /// Whether it is being restored; else a service or a command has it open.
    public let isBeingRestored: Bool

    /// One sentence.
    public var description: String {
        isBeingRestored
            ? "\(path) is being restored." : "\(path) is in use: stop the service, and wait until every command of krea-fcgi has ended."
    }
}

/// A file with which something cannot be done.
public struct UnusableFile: Error, Equatable, CustomStringConvertible {
    /// One sentence that names the file.
    public let description: String

    init(_ path: String, _ problem: String) {
        description = "\(path) \(problem)."
    }

    /// The latest system call has failed.
    init(_ path: String, doing what: String) {
        self.init(path, "\(what): \(String(cString: strerror(errno)))")
    }
}
