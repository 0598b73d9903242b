import CFastCGI
import Glibc

/// The file of a Unix socket that this process has made.
struct SocketFile: Equatable {
    let path: String
    private let device: dev_t
    private let inode: ino_t

    /// Binds a socket to a path and makes it listen; the file has mode 0660 from its first moment on, whatever the umask.
    ///
    /// A socket file without a listener is replaced; one with a listener, and any other kind of file, is an error. Two
    /// processes that start at once do not take each other's socket for a left-over: the folder is locked meanwhile.
    static func listen(_ descriptor: Int32, at path: String, backlog: Int32) throws(ListenError) -> SocketFile {
        guard let address = SocketAddress(path: path) else {
            throw ListenError(
                "The socket path \"\(path)\" has \(path.utf8.count) bytes; allowed are 1 to \(SocketAddress.pathCapacity - 1), none of them zero."
            )
        }
        let folder = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if folder >= 0 { close(folder) } }
        if folder >= 0 { flock(folder, LOCK_EX) }

        try removeLeftOver(at: path, address)
        // The file gets the mode of the socket without the umask's bits, and then those back: it never has more than 0660.
        fchmod(descriptor, 0o660)
        guard address.pass(to: { bind(descriptor, $0, $1) }) == 0 else {
            throw ListenError("The socket \"\(path)\" cannot be made", errno: errno)
        }
        // No peer can connect before it listens. What another user may have put there meanwhile is not followed.
        let name = folder < 0 ? path : path.split(separator: "/").last.map(String.init) ?? path
        guard fchmodat(folder < 0 ? AT_FDCWD : folder, name, 0o660, AT_SYMLINK_NOFOLLOW) == 0, let status = Self.status(of: path),
            status.st_mode & S_IFMT == S_IFSOCK, Glibc.listen(descriptor, backlog) == 0
        else {
            let code = errno
            unlink(path)
            throw ListenError("The socket \"\(path)\" cannot be listened on", errno: code)
        }
        return SocketFile(path: path, device: status.st_dev, inode: status.st_ino)
    }

    /// Removes the file if it is still the one that was made here.
    func remove() {
        guard let status = Self.status(of: path), status.st_dev == device, status.st_ino == inode else { return }
        unlink(path)
    }

    private static func removeLeftOver(at path: String, _ address: SocketAddress) throws(ListenError) {
        guard let status = status(of: path) else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw ListenError("\"\(path)\" is there already and is no socket; it is not replaced.")
        }
        // Without waiting: a full backlog is an answer, too.
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard probe >= 0 else { throw ListenError("The socket \"\(path)\" cannot be tried", errno: errno) }
        defer { close(probe) }
        if address.pass(to: { connect(probe, $0, $1) }) == 0 || errno == EAGAIN {
            throw ListenError("Another process listens on \"\(path)\" already.")
        }
        guard errno == ECONNREFUSED else {
            throw ListenError("\"\(path)\" is there already and cannot be tried", errno: errno)
        }
        guard unlink(path) == 0 || errno == ENOENT else {
            throw ListenError("The left-over socket \"\(path)\" cannot be removed", errno: errno)
        }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func status(of path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }
}
