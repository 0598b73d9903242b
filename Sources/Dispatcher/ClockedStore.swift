import Jobs
import Synchronization

/// The store as a dispatcher sees it: each call gets the present time, and before it the store follows the wall clock if that was put forward
/// or back: what lay 10 seconds ahead still does.
///
/// A call waits for the disk, and is to be made where a thread may wait; see ``DispatcherExecutor``.
final class ClockedStore: Sendable {
    private let store: any DispatchStore
    private let now: @Sendable () -> Timestamp
    private let clock: @Sendable () -> ClockOrigin
    /// What the store follows, as far as this process knows.
    private let followed: Mutex<ClockOrigin?> = Mutex(nil)

    init(_ store: any DispatchStore, now: @escaping @Sendable () -> Timestamp, clock: @escaping @Sendable () -> ClockOrigin) {
        self.store = store
        self.now = now
        self.clock = clock
    }

    @discardableResult
    func callAsFunction<Result>(_ body: (any DispatchStore, _ now: Timestamp) throws -> Result) throws -> Result {
        try followClock()
        return try body(store, now())
    }

    func observeChanges(_ observer: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        store.observeChanges(observer)
    }

    private func followClock() throws {
        let clock = clock()
        if let followed = followed.withLock({ $0 }), clock.step(since: followed) == nil, clock.boot == followed.boot { return }
        try store.follow(clock)
        followed.withLock { $0 = clock }
    }
}
