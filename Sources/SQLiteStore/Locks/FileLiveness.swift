import Glibc
public import Jobs
import Synchronization

/// Tells by locked files beside the store which dispatchers are alive: one file for each epoch.
///
/// The kernel releases a lock when its process ends, however it ends, and keeps it while the process is stopped (flock(2)).
public final class FileLiveness: LeaderLiveness {
    private let path: String
    private let held = Mutex<[Int: Int32]>([:])

    /// The liveness of dispatchers of the store at `path`.
    public init(beside path: String) {
        self.path = path
    }

    deinit {
        for descriptor in held.withLock({ Array($0.values) }) { close(descriptor) }
    }

    /// Locks the file of this epoch; see ``LeaderLiveness``.
    public func show(_ epoch: Int) throws {
        guard let descriptor = locked(epoch, creating: true) else { throw LivenessNotShown(file: file(epoch), code: errno) }
        guard isFile(descriptor, at: file(epoch)) else {
            // A process that found it not yet locked has just removed it.
            close(descriptor)
            return try show(epoch)
        }
        held.withLock { $0[epoch] = descriptor }
    }

    /// Unlocks and removes the file of this epoch; see ``LeaderLiveness``.
    public func withdraw(_ epoch: Int) {
        guard let descriptor = held.withLock({ $0.removeValue(forKey: epoch) }) else { return }
        unlink(file(epoch))
        close(descriptor)
    }

    /// Whether no process holds the lock of this epoch; see ``LeaderLiveness``.
    public func isGone(_ epoch: Int) -> Bool {
        guard let descriptor = locked(epoch, creating: false) else { return errno == ENOENT }
        // An epoch is never used again, so the file can go.
        unlink(file(epoch))
        close(descriptor)
        return true
    }

    private func file(_ epoch: Int) -> String {
        "\(path)-dispatcher-\(epoch)"
    }

    private func isFile(_ descriptor: Int32, at path: String) -> Bool {
        var (opened, named) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino
    }

    private func locked(_ epoch: Int, creating: Bool) -> Int32? {
        let descriptor = open(file(epoch), O_RDWR | O_NOFOLLOW | O_CLOEXEC | (creating ? O_CREAT : 0), 0o600)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            errno = code
            return nil
        }
        return descriptor
    }
}

/// The file that shows a dispatcher's liveness cannot be made or locked.
struct LivenessNotShown: Error {
    let file: String
    let code: Int32
}
