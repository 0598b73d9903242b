import NIOCore
import NIOPosix
import Synchronization

/// A question whose answer may be late or never come, for askers that must not wait for long.
///
/// It is asked again at most once in `interval`, and never while the answer before is still awaited.
final class Probe<Value: Sendable>: Sendable {
    enum Outcome: Sendable {
        case answered(Value)
        /// The question has been open for so long; this is what was last answered.
        case late(TimeAmount, last: Value?)
    }

    typealias Question = @Sendable (_ answer: @escaping @Sendable (Value) -> Void) -> Void

    private struct State {
        var last: Value?
        var askedAt: NIODeadline?
        var isOpen = false
        var waiters: [@Sendable (Value) -> Void] = []
    }

    private let interval: TimeAmount
    private let patience: TimeAmount
    private let ask: Question
    private let state = Mutex(State())

    /// - Parameters:
    ///   - patience: How long who asks waits for the answer.
    ///   - ask: Calls what it is given at most once, on any thread, and does not block.
    init(every interval: TimeAmount, patience: TimeAmount, ask: @escaping Question) {
        self.interval = interval
        self.patience = patience
        self.ask = ask
    }

    /// A question that blocks, and is therefore asked on a thread of the pool.
    convenience init(
        every interval: TimeAmount, patience: TimeAmount, on threads: NIOThreadPool, ask: @escaping @Sendable () -> Value
    ) {
        self.init(every: interval, patience: patience) { answer in
            threads.submit { state in if case .active = state { answer(ask()) } }
        }
    }

    /// Calls `body` on the event loop, once: with the answer, or with what is known when the patience has ended.
    func outcome(on loop: any EventLoop, _ body: @escaping @Sendable (Outcome) -> Void) {
        let now = NIODeadline.now()
        let isWaiting = NIOLoopBoundBox(true, eventLoop: loop)
        let waiter: @Sendable (Value) -> Void = { value in
            loop.execute {
                guard isWaiting.value else { return }
                isWaiting.value = false
                body(.answered(value))
            }
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
        loop.scheduleTask(in: patience) { [self] in
            guard isWaiting.value else { return }
            isWaiting.value = false
            let (last, askedAt) = state.withLock { ($0.last, $0.askedAt) }
            body(.late(NIODeadline.now() - (askedAt ?? now), last: last))
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
