import Dispatch
import Synchronization

/// Asks a question whose answer may come late or never, for callers that must not wait long.
///
/// It asks again at most once per `interval`, and never while an earlier answer is outstanding.
final class Probe<Value: Sendable>: Sendable {
    enum Outcome: Sendable {
        case answered(Value)
        /// No answer yet after this time, with the previous answer if there is one.
        case late(Duration, last: Value?)
    }

    typealias Question = @Sendable (_ answer: @escaping @Sendable (Value) -> Void) -> Void

    private struct State {
        var last: Value?
        var askedAt: ContinuousClock.Instant?
        var isOpen = false
        var waiters: [@Sendable (Value) -> Void] = []
    }

    private let interval: Duration
    private let patience: Duration
    private let queue: DispatchQueue
    private let ask: Question
    private let state = Mutex(State())

    /// - Parameters:
    ///   - patience: The longest that a caller waits for the answer.
    ///   - queue: The queue on which callers get the outcome.
    ///   - ask: Calls its argument at most once, on any thread. Must not block.
    init(every interval: Duration, patience: Duration, on queue: DispatchQueue, ask: @escaping Question) {
        self.interval = interval
        self.patience = patience
        self.queue = queue
        self.ask = ask
    }

    /// Asks a question that blocks, on its own queue.
    convenience init(every interval: Duration, patience: Duration, on queue: DispatchQueue, blocking ask: @escaping @Sendable () -> Value) {
        let own = DispatchQueue(label: "\(queue.label).question")
        self.init(every: interval, patience: patience, on: queue) { answer in own.async { answer(ask()) } }
    }

    /// Calls `body` once on the queue: with the answer, or with the last known one when the patience ends.
    func outcome(_ body: @escaping @Sendable (Outcome) -> Void) {
        let now = ContinuousClock.now
        let isWaiting = Waiting()
        let waiter: @Sendable (Value) -> Void = { [queue] value in
            queue.async { if isWaiting.end() { body(.answered(value)) } }
        }
        let (known, begins) = state.withLock { state -> (Value?, Bool) in
            if !state.isOpen, let last = state.last, let askedAt = state.askedAt, now - askedAt < interval { return (last, false) }
            state.waiters.append(waiter)
            guard !state.isOpen else { return (nil, false) }
            state.isOpen = true
            state.askedAt = now
            return (nil, true)
        }
        if let known { return waiter(known) }
        queue.asyncAfter(deadline: .now() + patience.dispatchInterval) { [self] in
            guard isWaiting.end() else { return }
            let (last, askedAt) = state.withLock { ($0.last, $0.askedAt) }
            body(.late(ContinuousClock.now - (askedAt ?? now), last: last))
        }
        if begins { ask { [self] in end($0) } }
    }

    private func end(_ value: Value) {
        let waiters = state.withLock { state in
            state.last = value
            state.isOpen = false
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter(value) }
    }
}

/// Whether a caller still waits for an answer.
private final class Waiting: Sendable {
    private let isWaiting = Atomic<Bool>(true)

    /// Ends the wait. Returns true on the first call only.
    func end() -> Bool { isWaiting.exchange(false, ordering: .relaxed) }
}
