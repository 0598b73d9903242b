import CFastCGI
import Glibc
import Synchronization

/// A listening socket, opened or inherited.
///
/// It is never shut down (shutdown(2) would end it for every process that shares it) and outlives a ``Server``: what waits in its
/// backlog when one server ends is there for the next. It is closed by ``close()``, or when the last reference is gone.
public final class ListeningSocket: Sendable {
    /// What it is bound to; of TCP with the port that the system chose.
    public let address: ListenAddress
    /// The descriptor: does not block, closed on exec. It stays this object's own.
    let descriptor: Int32
    /// The file, if it was made here.
    private let file: SocketFile?
    private let isClosed = Atomic<Bool>(false)

    /// A full backlog of a Unix socket is an error to the web server's client at once, so it is long.
    private static let backlog: Int32 = 16_384

    private init(descriptor: Int32, address: ListenAddress, file: SocketFile?) {
        self.descriptor = descriptor
        self.address = address
        self.file = file
    }

    deinit {
        close()
    }

    /// Opens a socket, or takes over the inherited one.
    ///
    /// Throws a sentence for the operator if there is nothing to inherit, if the address is not the machine's own, or if the operating
    /// system refuses. A Unix socket gets mode 0660 from its first moment on; a left-over file is replaced if it is a socket on which no
    /// process listens.
    public static func open(_ address: ListenAddress) throws(ListenError) -> ListeningSocket {
        switch address {
        case .inherited: try inherit(descriptor: 0)
        case .unix(let path): try openUnix(path)
        case .tcp(let host, let port): try openTCP(host, port)
        }
    }

    /// Whether a descriptor is a listening socket.
    public static func isListening(descriptor: Int32) -> Bool {
        var isListening: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0 && isListening != 0
    }

    /// Closes the socket, and removes its file if it was made here and is still the same. Does nothing the second time.
    public func close() {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        // While it is open, another process that starts finds a listener here, and leaves the file alone.
        file?.remove()
        Glibc.close(descriptor)
    }

    /// How many connections wait here; nil where the system does not tell.
    public var backlog: Backlog? { isClosed.load(ordering: .relaxed) ? nil : Backlog(of: descriptor) }

    /// A second descriptor of the same socket, which the caller owns. Throws what the operating system said.
    public func duplicate() throws(ListenError) -> Int32 {
        let duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard duplicate >= 0 else { throw ListenError("The socket \(address) cannot be used twice", errno: errno) }
        return duplicate
    }

    static func inherit(descriptor: Int32) throws(ListenError) -> ListeningSocket {
        guard isListening(descriptor: descriptor), let bound = SocketAddress(boundTo: descriptor), let address = bound.listenAddress else {
            throw ListenError("Descriptor \(descriptor) is no listening socket of a Unix or TCP address.")
        }
        guard bound.isUnix || bound.isLoopback else {
            throw ListenError(
                "The inherited socket listens on \(address); allowed are Unix sockets and loopback addresses: other machines must not reach it."
            )
        }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return ListeningSocket(descriptor: descriptor, address: address, file: nil)
    }

    private static func openUnix(_ path: String) throws(ListenError) -> ListeningSocket {
        let descriptor = try makeSocket(family: AF_UNIX)
        do {
            let file = try SocketFile.listen(descriptor, at: path, backlog: backlog)
            return ListeningSocket(descriptor: descriptor, address: .unix(path: path), file: file)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    private static func openTCP(_ host: String, _ port: Int) throws(ListenError) -> ListeningSocket {
        let name = ListenAddress.tcp(host: host, port: port)
        guard let number = UInt16(exactly: port), let wanted = SocketAddress(host: host, port: number), wanted.isLoopback else {
            throw ListenError(
                "\(name) is no address of this machine alone; allowed are 127.0.0.1 and [::1]."
            )
        }
        let descriptor = try makeSocket(family: wanted.family)
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard wanted.pass(to: { bind(descriptor, $0, $1) }) == 0, listen(descriptor, backlog) == 0,
            let address = SocketAddress(boundTo: descriptor)?.listenAddress
        else {
            let code = errno
            Glibc.close(descriptor)
            throw ListenError("\(name) cannot be listened on", errno: code)
        }
        return ListeningSocket(descriptor: descriptor, address: address, file: nil)
    }

    private static func makeSocket(family: Int32) throws(ListenError) -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw ListenError("No socket can be made", errno: errno) }
        return descriptor
    }
}
