import Dispatch
import Glibc
import Synchronization

/// Writes lines to a descriptor on its own thread, so a slow reader never delays a logging thread.
public final class LogWriter: Sendable {
    private struct State {
        var waiting: [UInt8] = []
        var isEnded = false
    }

    private let descriptor: Int32
    private let limit: Int
    private let state = Mutex(State())
    /// Signalled when the first line arrives after none was waiting, and at the end.
    private let isNeeded = DispatchSemaphore(value: 0)
    private let hasEnded = DispatchSemaphore(value: 0)

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - descriptor: Where the lines go, blocking or not. It stays the caller's.
    ///   - limit: The most bytes that may wait.
    public init(descriptor: Int32, limit: Int = 1 << 20) {
        self.descriptor = descriptor
        self.limit = limit
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<LogWriter>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        precondition(code == 0, "The thread that writes the log cannot be started.")
        pthread_detach(thread)
    }

    /// Queues a line. Returns false and drops the line if too much waits already, or after the end.
    public func add(_ line: String) -> Bool {
        let (isTaken, wasEmpty) = state.withLock { state in
            let line = line.utf8
            guard !state.isEnded, state.waiting.count + line.count <= limit else { return (false, false) }
            defer { state.waiting += line }
            return (true, state.waiting.isEmpty)
        }
        if isTaken, wasEmpty { isNeeded.signal() }
        return isTaken
    }

    /// Takes no more lines and waits up to `time` until all are written. Returns whether they were.
    @discardableResult
    public func finish(within time: Duration) -> Bool {
        state.withLock { $0.isEnded = true }
        isNeeded.signal()
        let (seconds, attoseconds) = time.components
        return hasEnded.wait(timeout: .now() + .nanoseconds(Int(seconds * 1_000_000_000 + attoseconds / 1_000_000_000))) == .success
    }

    private func run() {
        var signals = sigset_t()
        sigfillset(&signals)
        // When the reader is gone, write(2) fails here; SIGPIPE must not end the process.
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        while true {
            isNeeded.wait()
            let (lines, isEnded) = state.withLock { state in
                defer { state.waiting = [] }
                return (state.waiting, state.isEnded)
            }
            write(lines)
            if isEnded { break }
        }
        hasEnded.signal()
    }

    /// Writes everything, however long that takes, unless the descriptor has become unusable.
    private func write(_ lines: [UInt8]) {
        var rest = lines[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&state, 1, -1)
            } else if errno != EINTR {
                return
            }
        }
    }
}
