import Dispatch

/// Where an actor runs that calls the file system: there its calls may block, and hold up no task of anybody else.
final class FileQueue: SerialExecutor {
    private let queue = DispatchQueue(label: "krea-fcgi.pictures")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
