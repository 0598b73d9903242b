import Dispatch

/// The worker threads of one run of the server.
struct WorkerPool: Sendable {
    private let threads: [WorkerThread]

    /// Starts `count` threads that each do `work` once, and are given their number, from 0. If one of them cannot be started, the others are
    /// dismissed and waited for.
    init(count: Int, work: @escaping @Sendable (Int) -> Void, dismiss: () -> Void) throws(ListenError) {
        var threads: [WorkerThread] = []
        do {
            for number in 0..<count { threads.append(try WorkerThread(name: "fastcgi-\(number + 1)") { work(number) }) }
        } catch {
            dismiss()
            for thread in threads { thread.join() }
            throw error
        }
        self.threads = threads
    }

    /// Returns when all threads have ended. To be called once.
    func ended() async {
        await withCheckedContinuation { continuation in
            // Joining blocks, so no thread that runs tasks does it.
            DispatchQueue.global().async {
                for thread in threads { thread.join() }
                continuation.resume()
            }
        }
    }
}
