import Dispatch
import Glibc
import HTTPTypes

/// One client of the status server: answers its requests one after the other. Everything happens on the queue.
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
    /// The request that is being answered, or whose body is awaited.
    private var request: StatusRequest?
    private var isAnswering = false
    private var isClosed = false
    /// Counts the times that the patience has begun anew.
    private var turn = 0

    /// Takes over `descriptor`, which does not block.
    ///
    /// - Parameters:
    ///   - patience: How long the client may go without a whole request and the whole answer to it, whether it says nothing or little.
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

    /// Begins to read.
    func start() {
        input.setEventHandler { [weak self] in self?.read() }
        // The event loop below must have let go of the descriptor before it is closed.
        input.setCancelHandler { [self] in
            Glibc.close(descriptor)
            ended(self)
        }
        input.activate()
        wait()
    }

    /// Closes the connection, whatever has been said.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        output?.cancel()
        input.cancel()
    }

    /// From now on there is the whole patience again.
    private func wait() {
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
        // What is sent ahead of its turn is no more than what one request may have.
        guard received.count <= StatusRequest.headLimit + StatusRequest.bodyLimit else { return close() }
        goOn()
    }

    /// Answers the next request, if it has come.
    private func goOn() {
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
        wait()
        goOn()
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

    /// Nothing more is said. What has come unread must not turn what was said into a reset, so the client closes first.
    private func finish() {
        isAnswering = true
        received = []
        shutdown(descriptor, Int32(SHUT_WR))
    }
}

extension Duration {
    /// Rounded down, and no longer than a day.
    var dispatchInterval: DispatchTimeInterval {
        .nanoseconds(Int(min(self, .seconds(86_400)) / .nanoseconds(1)))
    }
}
