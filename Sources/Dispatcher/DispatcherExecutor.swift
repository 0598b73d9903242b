import Dispatch

/// Where a dispatcher and all its services run: one after the other, on a thread that may wait for the disk.
///
/// What they do in turn needs no switch between threads, and those of Swift's own pool, which must never wait, are left for everybody else. Calls
/// over the network go on meanwhile; only what comes of them waits for its turn.
final class DispatcherExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "krea-fcgi.dispatcher")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
