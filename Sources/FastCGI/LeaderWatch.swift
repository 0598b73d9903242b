import CFastCGI
import Glibc

/// Looks after events that nobody takes, on a thread of its own.
///
/// It sleeps while nothing happens, and looks at most once a millisecond while requests come in.
struct LeaderWatch: Sendable {
    let queue: ReadyQueue
    /// How many processors there are for the workers: one is the web server's.
    let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1)

    /// For how long an event may lie before another worker is asked to take it, in microseconds.
    private static let patience: UInt32 = 1000

    /// Watches until the queue says stop.
    func run() {
        while queue.waitForEvent() {
            var before = queue.taken
            usleep(Self.patience)
            while queue.hasEvent, !queue.hasEnded {
                let now = queue.taken
                let leaders = queue.leadership.count
                if Self.needsAnother(leaders: leaders, hasTaken: now != before, processors: processors), leaders < queue.workers,
                    !queue.leadership.someoneWaits
                {
                    queue.leadership.promote()
                }
                before = now
                usleep(Self.patience)
            }
        }
    }

    /// Whether events that lie there shall be somebody else's: when the leaders have taken none meanwhile, and so are held up, or when
    /// they do what they can and there is a processor for one more.
    static func needsAnother(leaders: Int, hasTaken: Bool, processors: Int) -> Bool {
        !hasTaken || leaders < processors
    }
}
