import Answers
import CFastCGI
import Glibc
import HTTPTypes

/// An answer on its way to the web server: what is not sent yet, and what the rest waits for. It costs no thread.
///
/// Nothing else is kept of its request; libfcgi has forgotten it. It belongs to the queue or to one worker, as its connection does.
final class OutgoingAnswer: @unchecked Sendable {
    /// How far sending came.
    enum Progress {
        /// Everything that there is was sent.
        case done
        /// The reader takes no more for now.
        case full
        case failed
    }

    /// What becomes of the connection after the end.
    enum Ending {
        /// It stays open for the next request (FCGI_KEEP_CONN, section 3.5).
        case kept
        case closed
        /// Its peer is still sending a body that no one wants, and gets time to read the answer and close.
        case unread
    }

    /// The web server's ID of the request.
    let request: UInt16
    let method: HTTPRequest.Method
    let path: String
    /// The name of the request in the answer and the log.
    let id: String
    var ending: Ending
    /// The status of the answer, once it has a head.
    var status: HTTPResponse.Status?
    /// Nil when all of the answer is here.
    var wait: Wait?
    var timings = RequestTimings()
    /// Since when there has been something that the reader did not take.
    private(set) var since = ContinuousClock.now
    private var unsent: [UInt8] = []
    private var sent = 0

    init(to head: HTTPRequest, id: String, request: UInt16, ending: Ending) {
        method = head.method
        path = head.path ?? ""
        self.id = id
        self.request = request
        self.ending = ending
    }

    /// What is known of the request: for the log, and for a page of an error.
    var head: HTTPRequest { HTTPRequest(method: method, scheme: "http", authority: nil, path: path) }

    var hasUnsent: Bool { sent < unsent.count }

    /// Whether it waits for its topic or its time, and not for its reader.
    var isHeld: Bool { wait != nil && !hasUnsent }

    /// How much memory its reader makes it take.
    var footprint: Int { unsent.count }

    /// When its reader has to be given up, if it takes no more.
    func deadline(_ limits: IncomingRequest.Limits) -> ContinuousClock.Instant {
        since + limits.grace + .seconds(sent / limits.rate)
    }

    /// Adds records to what has to be sent.
    func add(_ records: [UInt8]) {
        if hasUnsent { unsent += records } else { (unsent, sent, since) = (records, 0, .now) }
    }

    /// Sends as much as the reader takes now, without waiting.
    func send(to connection: Int32) -> Progress {
        while hasUnsent {
            let count = unsent.withUnsafeBytes { bytes in
                Glibc.send(connection, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            }
            if count >= 0 {
                sent += count
            } else if errno != EINTR {
                return errno == EAGAIN ? .full : .failed
            }
        }
        (unsent, sent) = ([], 0)
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
