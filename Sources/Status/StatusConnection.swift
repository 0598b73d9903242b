import Dispatch
import Glibc
import HTTPTypes

/// A client of the status server. Answers its requests in turn, all on the queue.
final class StatusConnection: @unchecked Sendable {
    private let descriptor: Int32
    private let queue: DispatchQueue
    private let patience: Duration
    private let answer: @Sendable (StatusRequest, _ send: @escaping @Sendable (StatusAnswer) -> Void) -> Void
    private let ended: @Sendable (StatusConnection) -> Void

    private let input: any DispatchSourceRead
    private var output: (any DispatchSourceWrite)?
    private var received: [UInt8] = []
    private var unsent: ArraySlice<UInt8> = []
    /// The request whose body is still expected.
    private var request: StatusRequest?
    private var isAnswering = false
    private var isClosed = false
    /// Counts how often the time limit was restarted.
    private var turn = 0

    /// Takes ownership of `descriptor`, which must be non-blocking.
    ///
    /// - Parameters:
    ///   - patience: The longest time for one request and its answer, from the end of the one before. Slow bytes do not extend it.
    ///   - ended: Called once, after the descriptor was closed.
    init(
        _ descriptor: Int32, on queue: DispatchQueue, patience: Duration,
        answer: @escaping @Sendable (StatusRequest, _ send: @escaping @Sendable (StatusAnswer) -> Void) -> Void,
        ended: @escaping @Sendable (StatusConnection) -> Void
    ) {
        self.descriptor = descriptor
        self.queue = queue
        self.patience = patience
        self.answer = answer
        self.ended = ended
        input = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    }

    /// Starts to read.
    func start() {
        input.setEventHandler { [weak self] in self?.read() }
        // Dispatch must have released the descriptor before it is closed.
        input.setCancelHandler { [self] in
            Glibc.close(descriptor)
            ended(self)
        }
        input.activate()
        restartTimer()
    }

    /// Closes the connection at once.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        output?.cancel()
        input.cancel()
    }

    /// Restarts the time limit.
    private func restartTimer() {
        turn += 1
        queue.asyncAfter(deadline: .now() + patience.dispatchInterval) { [weak self, turn] in
            if let self, self.turn == turn { self.close() }
        }
    }

    private func read() {
        guard !isClosed else { return }
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else {
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            return close()
        }
        received += buffer.prefix(count)
        // Pipelined bytes must not exceed the size of one request.
        guard received.count <= StatusRequest.headLimit + StatusRequest.bodyLimit else { return close() }
        answerNext()
    }

    /// Answers the next request if it is complete.
    private func answerNext() {
        guard !isAnswering else { return }
        if request == nil {
            switch StatusRequest.read(received) {
            case .incomplete: return
            case .malformed:
                isAnswering = true
                return send(.malformed, to: StatusRequest(method: "GET", target: "", isKept: false))
            case .head(let head, let length):
                received.removeFirst(length)
                request = head
            }
        }
        guard let request, received.count >= request.bodyLength else { return }
        received.removeFirst(request.bodyLength)
        isAnswering = true
        self.request = nil
        answer(request) { [weak self] answer in self?.send(answer, to: request) }
    }

    private func send(_ answer: StatusAnswer, to request: StatusRequest) {
        guard !isClosed else { return }
        let body = Array(answer.body.utf8)
        var head = "HTTP/1.1 \(answer.status.code) \(answer.status.reasonPhrase)\r\n"
        for (name, value) in [
            ("Content-Type", answer.contentType), ("Content-Length", "\(body.count)"), ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"), ("Connection", request.isKept ? "keep-alive" : "close"),
        ] + answer.fields { head += "\(name): \(value)\r\n" }
        unsent = (Array((head + "\r\n").utf8) + (request.method == "HEAD" ? [] : body))[...]
        write(isKept: request.isKept)
    }

    private func write(isKept: Bool) {
        while !isClosed, !unsent.isEmpty {
            let count = unsent.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count > 0 {
                unsent = unsent.dropFirst(count)
            } else if errno == EAGAIN {
                return writeLater(isKept: isKept)
            } else if errno != EINTR {
                return close()
            }
        }
        guard !isClosed else { return }
        isAnswering = false
        guard isKept else { return finish() }
        restartTimer()
        answerNext()
    }

    private func writeLater(isKept: Bool) {
        let source = DispatchSource.makeWriteSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler { [weak self] in
            self?.output?.cancel()
            self?.output = nil
            self?.write(isKept: isKept)
        }
        output = source
        source.activate()
    }

    /// Ends the sending side. The client closes first, because closing with unread bytes would reset the connection and lose the answer.
    private func finish() {
        isAnswering = true
        received = []
        shutdown(descriptor, Int32(SHUT_WR))
    }
}

extension Duration {
    /// The interval, rounded down to nanoseconds and at most a day.
    var dispatchInterval: DispatchTimeInterval {
        .nanoseconds(Int(min(self, .seconds(86_400)) / .nanoseconds(1)))
    }
}
