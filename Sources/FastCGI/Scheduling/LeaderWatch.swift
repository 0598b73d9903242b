import CFastCGI
import Glibc

/// Promotes another leader when events stay untaken, on a thread of its own.
///
/// While requests come in it checks every few milliseconds, and no request wakes it. When all is quiet it sleeps until the next event.
struct LeaderWatch: Sendable {
    let queue: ReadyQueue
    /// How many processors there are for the workers: one is the web server's.
    let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1)

    /// How long an event may wait before another worker is asked to take it, in microseconds.
    private static let patience: UInt32 = 4000
    /// After so many checks without an event it sleeps.
    private static let quietChecks = 5

    /// Watches until the queue says stop.
    func run() {
        while queue.waitForEvent() {
            var (before, quiet) = (queue.taken, 0)
            while quiet < Self.quietChecks, !queue.hasEnded {
                usleep(Self.patience)
                let (now, isWaiting) = (queue.taken, queue.hasEvent)
                let (leadership, leaders) = (queue.leadership, queue.leadership.count)
                if isWaiting, leaders < leadership.workers, !leadership.isAttended,
                    Self.needsAnother(leaders: leaders, hasTaken: now != before, processors: processors)
                {
                    leadership.promote()
                }
                quiet = isWaiting || now != before ? 0 : quiet + 1
                before = now
            }
        }
    }

    /// Whether untaken events need another leader: when the present leaders have taken none since the last check, and so are held up, or when
    /// there is a processor for one more.
    static func needsAnother(leaders: Int, hasTaken: Bool, processors: Int) -> Bool {
        !hasTaken || leaders < processors
    }
}
