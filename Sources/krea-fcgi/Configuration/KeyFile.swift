import Glibc
import Jobs
import Logging
import Synchronization

/// The file of API keys. It is read again when it changes, without a restart. Any thread may use it.
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

    /// The owner of a key by the current file; nil if the key is not in it.
    ///
    /// If the file becomes unusable, its last usable content stays valid, and the log says so once.
    func owner(of key: String) -> Client? {
        keys.name(of: key).map(Client.init(keyName:))
    }

    private var keys: KeyList {
        state.withLock { state in
            // Before the file is read, so that a change in between is never missed.
            let version = FileVersion(path: path)
            guard version != state.version else { return state.keys }
            state.version = version
            do throws(UnusableKeyFile) {
                state.keys = try Self.read(path)
                logger.notice("The keys were read again")
            } catch {
                logger.error("\(error) The previous keys stay valid.")
            }
            return state.keys
        }
    }

    private static func read(_ path: String) throws(UnusableKeyFile) -> KeyList {
        let text: String
        do throws(OwnedFile.Problem) { text = try OwnedFile.text(at: path) } catch { throw UnusableKeyFile(path, error.words) }
        do throws(InvalidKeyLine) { return try KeyList(text) } catch {
            throw UnusableKeyFile(path, "line \(error.number) \(error.problem).")
        }
    }
}

/// Identifies one state of a file; see inode(7).
private struct FileVersion: Equatable {
    private let device: dev_t
    private let inode: ino_t
    private let size: off_t
    /// The times of the last change of content and of the inode, which includes the mode.
    private let changedAt: [Int]

    /// Nil if the file does not exist or is out of reach.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, inode, size) = (status.st_dev, status.st_ino, status.st_size)
        changedAt = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
    }
}

/// An unusable file of API keys. One sentence for the operator names the file, and the line if there is one, but never a key.
struct UnusableKeyFile: Error, Equatable, CustomStringConvertible {
    let description: String

    fileprivate init(_ path: String, _ problem: String) {
        description = "\(Settings.keyFile.variable) \"\(path)\" \(problem)"
    }
}
