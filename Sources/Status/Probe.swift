import Dispatch
import Synchronization

/// A question whose answer may be late or never come, for askers that must not wait for long.
///
/// It is asked again at most once in `interval`, and never while the answer before is still awaited.
final class Probe<Value: Sendable>: Sendable {
    enum Outcome: Sendable {
        case answered(Value)
        /// The question has been open for so long; this is what was last answered.
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
    ///   - patience: How long who asks waits for the answer.
    ///   - queue: Where who asks is told.
    ///   - ask: Calls what it is given at most once, on any thread, and does not block.
    init(every interval: Duration, patience: Duration, on queue: DispatchQueue, ask: @escaping Question) {
        self.interval = interval
        self.patience = patience
        self.queue = queue
        self.ask = ask
    }

    /// A question that blocks, and is therefore asked on a queue of its own.
    convenience init(every interval: Duration, patience: Duration, on queue: DispatchQueue, blocking ask: @escaping @Sendable () -> Value) {
        let own = DispatchQueue(label: "\(queue.label).question")
        self.init(every: interval, patience: patience, on: queue) { answer in own.async { answer(ask()) } }
    }

    /// Calls `body` on the queue, once: with the answer, or with what is known when the patience has ended.
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

/// Whether an answer is waited for.
private final class Waiting: Sendable {
    private let isWaiting = Atomic<Bool>(true)

    /// Whether it is the first to be called.
    func end() -> Bool { isWaiting.exchange(false, ordering: .relaxed) }
}
