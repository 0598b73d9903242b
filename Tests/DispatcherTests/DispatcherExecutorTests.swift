import Glibc
import Synchronization
import Testing

@testable import Dispatcher

@Suite struct DispatcherExecutorTests {
    /// How many are inside a part that only one may be in.
    private final class Room: Sendable {
        let inside = Mutex((now: 0, most: 0, count: 0))

        func visit() {
            inside.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.count + 1) }
            sched_yield()
            inside.withLock { $0.now -= 1 }
        }
    }

    @Test func `what runs there runs one after the other, tasks within tasks too`() async {
        let room = Room()
        await withTaskExecutorPreference(DispatcherExecutor()) {
            await withDiscardingTaskGroup { group in
                for _ in 0..<50 {
                    group.addTask {
                        for _ in 0..<20 {
                            room.visit()
                            await Task.yield()
                        }
                    }
                }
            }
        }
        #expect(room.inside.withLock { $0.most } == 1)
        #expect(room.inside.withLock { $0.count } == 1000)
    }
}
