import Synchronization

/// One exchange: what the thread has read of it, and who waits for more.
///
/// The thread writes and a task reads; neither waits for the other.
final class Transfer: Sendable {
    typealias Head = (status: Int, fields: ResponseFields)

    /// Bytes of a streamed body that may wait to be read before the connection is left alone.
    static let highWater = 1 << 18

    let request: ClientRequest
    let isStreamed: Bool
    private let state = Mutex(State())

    private struct State {
        var head: Head?
        var body: [UInt8] = []
        var total = 0
        var isPaused = false
        var result: Result<Void, HTTPClientError>?
        /// How often any of it has changed.
        var changes = 0
        var waiter: CheckedContinuation<Void, Never>?
    }

    init(_ request: ClientRequest, isStreamed: Bool) {
        self.request = request
        self.isStreamed = isStreamed
    }

    // MARK: What the thread tells

    /// What becomes of bytes that have come.
    enum Reception {
        case taken, paused, tooLarge
    }

    func receive(head: Head) {
        change { $0.head = head }
    }

    /// Takes all of the bytes, or none.
    func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> Reception {
        let (reception, waiter) = state.withLock { state -> (Reception, CheckedContinuation<Void, Never>?) in
            guard state.total + bytes.count <= request.bodyLimit else { return (.tooLarge, nil) }
            if isStreamed, state.body.count >= Self.highWater {
                state.isPaused = true
                return (.paused, nil)
            }
            state.total += bytes.count
            state.body += bytes
            state.changes += 1
            return (.taken, isStreamed ? state.waiter.take() : nil)
        }
        waiter?.resume()
        return reception
    }

    /// The exchange is over. What is told later does not count.
    func finish(_ result: Result<Void, HTTPClientError>) {
        change { if $0.result == nil { $0.result = result } }
    }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            state.changes += 1
            return state.waiter.take()
        }?.resume()
    }

    // MARK: What a task asks

    /// Whether the connection is left alone until somebody reads.
    var isPaused: Bool { state.withLock(\.isPaused) }

    /// The head, once the whole has come.
    func end() async -> Result<Head, HTTPClientError> {
        await value { state in state.result.map { $0.flatMap { state.head.map { .success($0) } ?? .failure(.noAnswer(reason: "no head")) } }
        }
    }

    /// The head, as soon as it has come.
    func head() async -> Result<Head, HTTPClientError> {
        await value { state in
            if let head = state.head { return .success(head) }
            return state.result.map { $0.flatMap { .failure(.noAnswer(reason: "no head")) } }
        }
    }

    /// What has come of the body, nil at its end, and whether the connection was left alone for the time being.
    func part() async -> Result<([UInt8]?, wasPaused: Bool), HTTPClientError> {
        await value { state in
            if case .failure(let error) = state.result { return .failure(error) }
            if state.body.isEmpty { return state.result == nil ? nil : .success((nil, false)) }
            let result: ([UInt8]?, Bool) = (state.body, state.isPaused)
            state.body = []
            state.isPaused = false
            return .success(result)
        }
    }

    /// All of the body that has come.
    func takeBody() -> [UInt8] {
        state.withLock { state in
            defer { state.body = [] }
            return state.body
        }
    }

    private func value<Value: Sendable>(_ read: @Sendable (inout State) -> Value?) async -> Value {
        while true {
            let (value, seen) = state.withLock { (read(&$0), $0.changes) }
            if let value { return value }
            await withCheckedContinuation { continuation in
                let hasChanged = state.withLock { state in
                    if state.changes == seen { state.waiter = continuation }
                    return state.changes != seen
                }
                if hasChanged { continuation.resume() }
            }
        }
    }
}
