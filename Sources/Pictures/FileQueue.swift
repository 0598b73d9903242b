import Dispatch

/// The executor of an actor that calls the file system. Its calls may block without delaying other tasks.
final class FileQueue: SerialExecutor {
    private let queue = DispatchQueue(label: "krea-fcgi.pictures")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
