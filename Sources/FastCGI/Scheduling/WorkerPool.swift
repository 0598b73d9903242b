import Synchronization

/// The worker threads of one run of the server.
final class WorkerPool: Sendable {
    private let threads: [WorkerThread]
    private let end: AsyncStream<Never>

    /// Starts `count` threads that each do `work` once, and are given their number, from 0. If one of them cannot be started, the others are dismissed and waited for.
    init(count: Int, work: @escaping @Sendable (Int) -> Void, dismiss: () -> Void) throws(ListenError) {
        let (end, continuation) = AsyncStream<Never>.makeStream()
        let left = Counter(count)
        var threads: [WorkerThread] = []
        do {
            for number in 1...count {
                threads.append(
                    try WorkerThread(name: "fastcgi-\(number)") {
                        work(number - 1)
                        if left.decrement() == 0 { continuation.finish() }
                    }
                )
            }
        } catch {
            dismiss()
            for thread in threads { thread.join() }
            throw error
        }
        self.threads = threads
        self.end = end
    }

    /// Returns when all threads have ended. To be called once, and not from a task that may be cancelled.
    func ended() async {
        for await _ in end {}
        // They have nothing left to do, so this does not block.
        for thread in threads { thread.join() }
    }

    private final class Counter: Sendable {
        private let value: Atomic<Int>

        init(_ value: Int) {
            self.value = Atomic(value)
        }

        func decrement() -> Int {
            value.subtract(1, ordering: .acquiringAndReleasing).newValue
        }
    }
}
