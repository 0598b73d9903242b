import Dispatch
import Jobs
import Synchronization

/// The store for code that must not block: each call runs on a queue of its own, one after the other.
///
/// Each call gets the present time, and before it the store follows the wall clock if that was put forward or back: what lay 10 seconds
/// ahead still does.
final class AsyncStore: Sendable {
    private let store: any JobStore
    private let now: @Sendable () -> Timestamp
    private let clock: @Sendable () -> ClockOrigin
    private let queue = DispatchQueue(label: "krea-fcgi.store")
    /// What the store follows, as far as this process knows.
    private let followed: Mutex<ClockOrigin?> = Mutex(nil)

    init(_ store: any JobStore, now: @escaping @Sendable () -> Timestamp, clock: @escaping @Sendable () -> ClockOrigin) {
        self.store = store
        self.now = now
        self.clock = clock
    }

    var rules: PaceRules { store.rules }

    @discardableResult
    func callAsFunction<Result: Sendable>(
        _ body: @escaping @Sendable (any JobStore, _ now: Timestamp) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Swift.Result {
                        try self.followClock()
                        return try body(self.store, self.now())
                    })
            }
        }
    }

    func observeChanges(_ observer: @escaping @Sendable () -> Void) {
        store.observeChanges(observer)
    }

    private func followClock() throws {
        let clock = clock()
        if let followed = followed.withLock({ $0 }), clock.step(since: followed) == nil, clock.boot == followed.boot { return }
        try store.follow(clock)
        followed.withLock { $0 = clock }
    }
}
