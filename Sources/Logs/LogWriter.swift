import Dispatch
import Glibc
import Synchronization

/// Writes lines to a descriptor on a thread of its own, so that whoever logs never waits for whoever reads.
public final class LogWriter: Sendable {
    private struct State {
        var waiting: [UInt8] = []
        var isEnded = false
    }

    private let descriptor: Int32
    private let limit: Int
    private let state = Mutex(State())
    /// Signalled when there is something to write after there was nothing, and at the end.
    private let isNeeded = DispatchSemaphore(value: 0)
    private let hasEnded = DispatchSemaphore(value: 0)

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - descriptor: Where lines are written; it stays the caller's, and may block or not.
    ///   - limit: How many bytes may wait.
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

    /// Leaves a line to be written. False, and nothing is written, where too much waits already, or after the end.
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

    /// Takes no more lines, and returns when all are written, or after `time`: whether they were.
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
        // A reader that has gone is an error of write(2) here, and no end of the process.
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

    /// Writes as long as it takes; nothing more where the descriptor is of no use any more.
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
