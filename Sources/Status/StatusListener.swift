import Dispatch
import Glibc

/// Accepts the clients of the status server up to a limit, all on the queue.
final class StatusListener: @unchecked Sendable {
    typealias Answer = @Sendable (StatusRequest, _ send: @escaping @Sendable (StatusAnswer) -> Void) -> Void

    private let descriptor: Int32
    private let queue: DispatchQueue
    private let limit: Int
    private let patience: Duration
    private let answer: Answer
    private let source: any DispatchSourceRead
    /// The open connections, oldest first.
    private var open: [StatusConnection] = []
    private var isPaused = false
    private var stopped: (() -> Void)?

    /// Takes ownership of `descriptor`, a non-blocking listening socket.
    init(_ descriptor: Int32, on queue: DispatchQueue, limit: Int, patience: Duration, answer: @escaping Answer) {
        self.descriptor = descriptor
        self.queue = queue
        self.limit = limit
        self.patience = patience
        self.answer = answer
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    }

    /// Starts to accept. Call it once.
    func start() {
        source.setEventHandler { [weak self] in self?.accept() }
        source.setCancelHandler { [self] in
            close(descriptor)
            stopped?()
            stopped = nil
        }
        source.activate()
    }

    /// Stops accepting, closes all connections and calls `body`.
    func stop(_ body: @escaping @Sendable () -> Void) {
        stopped = body
        for connection in open { connection.close() }
        if isPaused { source.resume() }
        source.cancel()
    }

    private func accept() {
        guard stopped == nil else { return }
        // One at a time, so that a connection closed for it is gone before the next.
        let client = Glibc.accept(descriptor, nil, nil)
        guard client >= 0 else {
            // Out of descriptors or memory: the rest of the service needs them more.
            if ![EINTR, ECONNABORTED, EAGAIN].contains(errno) { pause() }
            return
        }
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        _ = fcntl(client, F_SETFL, O_NONBLOCK)
        if open.count >= limit { open.removeFirst().close() }
        let connection = StatusConnection(client, on: queue, patience: patience, answer: answer) { [weak self] ended in
            self?.open.removeAll { $0 === ended }
        }
        open.append(connection)
        connection.start()
    }

    private func pause() {
        isPaused = true
        source.suspend()
        queue.asyncAfter(deadline: .now() + .seconds(1)) { [weak self] in
            guard let self, isPaused, stopped == nil else { return }
            isPaused = false
            source.resume()
        }
    }
}
