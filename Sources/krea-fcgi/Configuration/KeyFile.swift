import Glibc
import Jobs
import Logging
import Synchronization

/// The file of the keys, read again when it has changed, so that a key comes or goes without a restart. Any thread may ask.
final class KeyFile: Sendable {
    private struct State {
        var keys: KeyList
        var version: FileVersion?
    }

    private let path: String
    private let logger: Logger
    private let state: Mutex<State>

    /// Reads the file. Throws ``UnusableKeyFile``.
    init(path: String, logger: Logger) throws(UnusableKeyFile) {
        self.path = path
        self.logger = logger
        let version = FileVersion(path: path)
        state = Mutex(State(keys: try Self.read(path), version: version))
    }

    /// Whose a key is, by the file as it is now; nil for a key that is not in it.
    ///
    /// When the file has become unusable, what it last said goes on to hold, and the log says so once.
    func owner(of key: String) -> Client? {
        keys.name(of: key).map(Client.init(keyName:))
    }

    private var keys: KeyList {
        state.withLock { state in
            // Looked at before it is read: what is written in between is read once more, and never missed.
            let version = FileVersion(path: path)
            guard version != state.version else { return state.keys }
            state.version = version
            do throws(UnusableKeyFile) {
                state.keys = try Self.read(path)
                logger.notice("The keys were read again")
            } catch {
                logger.error("\(error) The keys from before go on to hold.")
            }
            return state.keys
        }
    }

    /// More than thousands of keys need; what is larger is some other file.
    private static let largest = 1 << 20

    private static func read(_ path: String) throws(UnusableKeyFile) -> KeyList {
        // Without waiting: a named pipe would keep the service from starting.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw UnusableKeyFile(path, "cannot be read: \(String(cString: strerror(errno))).") }
        let file = FileReader(descriptor)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw UnusableKeyFile(path, "is not a file.") }
        guard status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw UnusableKeyFile(path, "may be written by others than its owner: run chmod go-w on it.")
        }
        guard let bytes = file.all(upTo: largest) else { throw UnusableKeyFile(path, "cannot be read, or is larger than 1 MiB.") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw UnusableKeyFile(path, "is not UTF-8.") }
        do {
            return try KeyList(text)
        } catch {
            throw UnusableKeyFile(path, "line \(error.number) \(error.problem).")
        }
    }
}

/// What tells one state of a file from another; see inode(7).
private struct FileVersion: Equatable {
    private let device: dev_t
    private let inode: ino_t
    private let size: off_t
    /// Also the rights of a file that changed leave a mark here.
    private let changedAt: [Int]

    /// Nil when the file is not there or cannot be reached.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, inode, size) = (status.st_dev, status.st_ino, status.st_size)
        changedAt = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
    }
}

/// The file of the keys cannot be used: one sentence for the operator that names the file, and the line if it is one, never a key.
struct UnusableKeyFile: Error, Equatable, CustomStringConvertible {
    let description: String

    fileprivate init(_ path: String, _ problem: String) {
        description = "\(Settings.keyFile.variable) \"\(path)\" \(problem)"
    }
}
