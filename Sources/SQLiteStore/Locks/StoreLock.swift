import Glibc

/// The lock of a store, on a file `…-lock` beside it: shared by all that use the store, exclusive for a restoration.
///
/// The kernel releases it when the process ends, however it ends (flock(2)). The file stays.
final class StoreLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, without waiting.
    ///
    /// - Throws: ``StoreInUse`` when another process has it in the other way, ``UnusableFile`` when its file cannot be made.
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

    /// Gives the file to the owner of the folder where root was the first to open another user's store.
    ///
    /// Only an empty file without a second name: that could be the name of any file of root's.
    private static func handOver(_ descriptor: Int32, _ folder: String) {
        var (file, owner) = (stat(), stat())
        guard geteuid() == 0, fstat(descriptor, &file) == 0, file.st_mode & S_IFMT == S_IFREG, file.st_nlink == 1, file.st_uid == 0,
            file.st_size == 0, stat(folder, &owner) == 0
        else { return }
        _ = fchown(descriptor, owner.st_uid, owner.st_gid)
    }
}

/// A store is in use in a way that rules out what was wanted.
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
