import Synchronization

/// One exchange: what the thread has read so far, and the task that waits for more.
///
/// The thread writes and the task reads; the thread never waits for the task.
final class Transfer: Sendable {
    typealias Head = (status: Int, fields: ResponseFields)

    /// How many unread bytes of a streamed body pause the connection.
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
        /// Counts the changes.
        var changes = 0
        var waiter: CheckedContinuation<Void, Never>?
    }

    init(_ request: ClientRequest, isStreamed: Bool) {
        self.request = request
        self.isStreamed = isStreamed
    }

    // MARK: For the thread

    /// What happened to received bytes.
    enum Reception {
        case taken, paused, tooLarge
    }

    func receive(head: Head) {
        change { $0.head = head }
    }

    /// Takes all of the bytes or none.
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

    /// Ends the exchange. Later results are ignored.
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

    // MARK: For the task

    /// Whether the connection is paused until the task reads.
    var isPaused: Bool { state.withLock(\.isPaused) }

    /// The head, once the whole answer has come.
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

    /// The unread bytes of the body, nil at its end, and whether the connection was paused.
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

    /// Takes all unread bytes of the body.
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
