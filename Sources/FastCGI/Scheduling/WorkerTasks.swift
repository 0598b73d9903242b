import CFastCGI
import Glibc
import Synchronization

/// What others want done by a worker thread, to learn whether the workers still take something up.
final class WorkerTasks: Sendable {
    /// Is given whether it shall be done now; false when nobody will do it any more.
    typealias Errand = @Sendable (_ isDone: Bool) -> Void

    private struct State {
        var waiting: [UInt64: Errand] = [:]
        var latest: UInt64 = 0
        var isClosed = false
    }

    /// Readable while an errand may wait; each read takes one off.
    let descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK) | Int32(EFD_SEMAPHORE))
    private let state = Mutex(State())

    deinit {
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// Leaves an errand, and returns its number; it is called exactly once, on a worker or wherever it is given up.
    func add(_ errand: @escaping Errand) -> UInt64? {
        let number = state.withLock { state -> UInt64? in
            guard !state.isClosed else { return nil }
            state.latest += 1
            state.waiting[state.latest] = errand
            return state.latest
        }
        if number == nil { errand(false) } else { eventfd_write(descriptor, 1) }
        return number
    }

    /// Does one that waits, if there is any.
    func doOne() {
        var count: eventfd_t = 0
        guard eventfd_read(descriptor, &count) == 0 else { return }
        let errand = state.withLock { state in state.waiting.keys.min().flatMap { state.waiting.removeValue(forKey: $0) } }
        errand?(true)
    }

    /// Gives one up that nobody has taken yet.
    func giveUp(_ number: UInt64) {
        state.withLock { $0.waiting.removeValue(forKey: number) }?(false)
    }

    /// Gives all of them up, and those that come later too.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [:] }
            return state.waiting
        }
        for errand in waiting.values { errand(false) }
    }
}
