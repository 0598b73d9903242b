import Dispatch
import Glibc

/// Accepts the clients of the status server, as many as there may be. Everything happens on the queue.
final class StatusListener: @unchecked Sendable {
    typealias Answer = @Sendable (StatusRequest, _ send: @escaping @Sendable (StatusAnswer) -> Void) -> Void

    private let descriptor: Int32
    private let queue: DispatchQueue
    private let limit: Int
    private let patience: Duration
    private let answer: Answer
    private let source: any DispatchSourceRead
    /// The oldest first.
    private var open: [StatusConnection] = []
    private var isPaused = false
    private var stopped: (() -> Void)?

    /// Takes over `descriptor`, a listening socket that does not block.
    init(_ descriptor: Int32, on queue: DispatchQueue, limit: Int, patience: Duration, answer: @escaping Answer) {
        self.descriptor = descriptor
        self.queue = queue
        self.limit = limit
        self.patience = patience
        self.answer = answer
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    }

    /// Begins to accept. To be called once.
    func start() {
        source.setEventHandler { [weak self] in self?.accept() }
        source.setCancelHandler { [self] in
            close(descriptor)
            stopped?()
            stopped = nil
        }
        source.activate()
    }

    /// Accepts no more, closes everything, and calls `body`.
    func stop(_ body: @escaping @Sendable () -> Void) {
        stopped = body
        for connection in open { connection.close() }
        if isPaused { source.resume() }
        source.cancel()
    }

    private func accept() {
        guard stopped == nil else { return }
        // One at a time: what was closed for it is gone before the next.
        let client = Glibc.accept(descriptor, nil, nil)
        guard client >= 0 else {
            // Descriptors have run out, or memory: others need them more.
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
