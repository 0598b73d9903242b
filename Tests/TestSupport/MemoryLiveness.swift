import Jobs
import Synchronization

/// The liveness of dispatchers that live in one test.
package final class MemoryLiveness: LeaderLiveness {
    private let present = Mutex<Set<Int>>([])

    package init() {}

    package func show(_ epoch: Int) throws {
        present.withLock { _ = $0.insert(epoch) }
    }

    package func withdraw(_ epoch: Int) {
        present.withLock { _ = $0.remove(epoch) }
    }

    package func isGone(_ epoch: Int) -> Bool {
        present.withLock { !$0.contains(epoch) }
    }
}
