import CFastCGI
import Glibc
import Logging
import Synchronization

/// Takes new connections from the listening socket.
final class Acceptor: Sendable {
    private let listening: Int32
    private let isTCP: Bool
    private let ioTimeout: timeval
    private let logger: Logger
    private let isFailing = Atomic<Bool>(false)

    init(socket: ListeningSocket, ioTimeout: Duration, logger: Logger) {
        listening = socket.descriptor
        if case .tcp = socket.address { isTCP = true } else { isTCP = false }
        let (seconds, attoseconds) = ioTimeout.components
        self.ioTimeout = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        self.logger = logger
    }

    /// A new connection whose reads and writes end after the time-out; nil if there is none now.
    func accept() -> Int32? {
        let connection = accept4(listening, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
        guard connection >= 0 else {
            pause(after: errno)
            return nil
        }
        if isFailing.load(ordering: .relaxed) { isFailing.store(false, ordering: .relaxed) }
        // libfcgi knows no time-outs of its own.
        set(SO_RCVTIMEO, of: SOL_SOCKET, to: ioTimeout, on: connection)
        set(SO_SNDTIMEO, of: SOL_SOCKET, to: ioTimeout, on: connection)
        if isTCP { set(TCP_NODELAY, of: Int32(IPPROTO_TCP), to: Int32(1), on: connection) }
        return connection
    }

    /// What failed is tried again: at once if it lay in that one connection, else after a moment, because the listening socket
    /// stays ready and nothing would stop the workers from turning in circles.
    private func pause(after code: Int32) {
        if Self.concernsOneConnection(code) { return }
        if !isFailing.exchange(true, ordering: .relaxed) {
            logger.warning("No connection can be accepted for now.", metadata: ["error": "\(String(cString: strerror(code)))"])
        }
        usleep(10_000)
    }

    /// Errors of accept(2) that say nothing about the next one.
    static func concernsOneConnection(_ code: Int32) -> Bool {
        [EAGAIN, EINTR, ECONNABORTED, EPROTO].contains(code)
    }

    private func set<Value>(_ option: Int32, of level: Int32, to value: Value, on connection: Int32) {
        withUnsafePointer(to: value) { _ = setsockopt(connection, level, option, $0, socklen_t(MemoryLayout<Value>.size)) }
    }
}
