import CFastCGI
import Glibc
import Synchronization

/// Work for the threads that answer requests, by which others learn whether these threads still take something up.
final class WorkerTasks: Sendable {
    /// A piece of work. It ends exactly once: done by a worker, or given up.
    final class Item: Sendable {
        private let work: Mutex<(@Sendable (_ isDone: Bool) -> Void)?>

        fileprivate init(_ work: @escaping @Sendable (Bool) -> Void) {
            self.work = Mutex(work)
        }

        /// Ends it, if it has not ended: does it, or tells its owner that no worker will.
        func end(_ isDone: Bool) {
            let work = work.withLock { work in
                defer { work = nil }
                return work
            }
            work?(isDone)
        }
    }

    /// Readable while work waits; each read takes one off.
    let descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK) | Int32(EFD_SEMAPHORE))
    /// Nil after the end.
    private let waiting = Mutex<[Item]?>([])

    deinit {
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// Adds work; it is given up at once after the end.
    func add(_ work: @escaping @Sendable (_ isDone: Bool) -> Void) -> Item {
        let item = Item(work)
        if waiting.withLock({ $0?.append(item) }) == nil { item.end(false) } else { eventfd_write(descriptor, 1) }
        return item
    }

    /// Does the work that has waited longest, if there is any.
    func doOne() {
        var count: eventfd_t = 0
        guard eventfd_read(descriptor, &count) == 0 else { return }
        waiting.withLock { $0?.isEmpty == false ? $0?.removeFirst() : nil }?.end(true)
    }

    /// Gives all work up, now and from now on.
    func close() {
        let items = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting ?? []
        }
        for item in items { item.end(false) }
    }
}
