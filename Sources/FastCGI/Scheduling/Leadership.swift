import Dispatch
import Synchronization

/// Which workers wait for the next event: the leader/followers pattern (Schmidt et al., Pattern-Oriented Software Architecture, volume 2).
///
/// If all workers waited, each request would wake another one, and most of its time would go into the switch between threads. So one
/// leads: it waits, answers, and waits again. The others follow, and sleep. A leader that is going to wait for a disk or a reader passes
/// the lead on before. Where one did not know that it would be held up, or cannot do all the work, the ``LeaderWatch`` promotes another.
final class Leadership: Sendable {
    /// What one worker is; used by its thread alone.
    final class Role {
        fileprivate let leadership: Leadership
        fileprivate(set) var isLeading = false

        init(_ leadership: Leadership) {
            self.leadership = leadership
        }

        /// Returns when the worker leads. Blocks as long as it is not needed.
        func lead() {
            if !isLeading { leadership.vacancies.wait() }
            isLeading = true
        }

        /// The worker will be held up: another one leads in its place from now on.
        func pass() {
            if isLeading { leadership.passOn() }
            isLeading = false
        }

        /// There is nothing to do, and another one waits for more. A worker that is the only leader goes on.
        func resign() {
            if isLeading, leadership.leave() { isLeading = false }
        }
    }

    /// Counts the leaders that there shall be and that no worker is yet. A signal wakes one that waits, and not all of them as an eventfd would.
    private let vacancies = DispatchSemaphore(value: 0)
    private let leaders = Atomic(0)
    private let waiting = Atomic(0)
    /// What a leader that waits does not know of.
    private let pendingEvents: PendingEvents
    /// How many there are.
    let workers: Int

    /// - Parameter workers: How many there are.
    init(workers: Int, pendingEvents: PendingEvents = PendingEvents()) {
        self.workers = workers
        self.pendingEvents = pendingEvents
        promote()
    }

    /// How many lead, whether they wait or work.
    var count: Int { leaders.load(ordering: .relaxed) }

    /// Whether a leader waits for the next event.
    var someoneWaits: Bool { waiting.load(ordering: .relaxed) > 0 }

    /// Whether a leader waits that takes whatever there is to do.
    var isAttended: Bool { someoneWaits && pendingEvents.isEmpty }

    /// Waits, as a leader, for as long as `wait` does.
    func waiting<Result>(_ wait: () -> Result) -> Result {
        waiting.add(1, ordering: .relaxed)
        defer { waiting.subtract(1, ordering: .relaxed) }
        return wait()
    }

    /// One more leads.
    func promote() {
        leaders.add(1, ordering: .relaxed)
        vacancies.signal()
    }

    /// Nobody follows any more.
    func dismiss() {
        for _ in 0..<workers { vacancies.signal() }
    }

    private func passOn() {
        // Where somebody waits, nobody has to be woken.
        if !isAttended || !leave() { vacancies.signal() }
    }

    private func leave() -> Bool {
        var count = count
        while count > 1 {
            let (isDone, found) = leaders.weakCompareExchange(expected: count, desired: count - 1, ordering: .relaxed)
            if isDone { return true }
            count = found
        }
        return false
    }
}
