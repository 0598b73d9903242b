import CFastCGI
import Glibc

/// The rest of an answer that its reader has not taken yet, in a file of the memory. It costs no thread.
///
/// It belongs to the queue or to one worker, as its connection does.
final class UnsentAnswer: @unchecked Sendable {
    enum Progress {
        case done
        /// The reader takes no more for now.
        case full
        case failed
    }

    /// When it was begun to be sent.
    let since = ContinuousClock.now
    /// The request's ID, if the connection stays open afterwards.
    let keptFor: UInt16?
    let count: Int
    private let file: Int32
    private var sent: off_t = 0

    /// Takes over a file of memory (memfd_create(2)) with all the records of an answer.
    init(file: Int32, keptFor: UInt16?) {
        self.file = file
        self.keptFor = keptFor
        var status = stat()
        fstat(file, &status)
        count = Int(status.st_size)
    }

    deinit {
        close(file)
    }

    /// When its reader has to be given up, if it takes no more.
    func deadline(_ limits: IncomingRequest.Limits) -> ContinuousClock.Instant {
        since + limits.grace + .seconds(Int(sent) / limits.rate)
    }

    /// Sends as much as the reader takes now, without waiting.
    func send(to connection: Int32) -> Progress {
        let flags = fcntl(connection, F_GETFL)
        _ = fcntl(connection, F_SETFL, flags | O_NONBLOCK)
        defer { _ = fcntl(connection, F_SETFL, flags) }
        while sent < count {
            let part = sendfile(connection, file, &sent, count - Int(sent))
            if part > 0 || (part < 0 && errno == EINTR) { continue }
            return part < 0 && errno == EAGAIN ? .full : .failed
        }
        return .done
    }

    /// Sends all of it, and waits for the reader up to `end`.
    func finish(on connection: Int32, until end: ContinuousClock.Instant) {
        while send(to: connection) == .full {
            let left = ContinuousClock.now.duration(to: end) / .milliseconds(1)
            var state = pollfd(fd: connection, events: Int16(POLLOUT), revents: 0)
            guard left > 0, poll(&state, 1, Int32(left.rounded(.up))) == 1 else { return }
        }
    }
}
