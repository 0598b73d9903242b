import CFastCGI
import Glibc

/// Looks after events that nobody takes, on a thread of its own.
///
/// While requests come in it looks every few milliseconds. It is not woken by each of them: that would take the processor from whoever
/// answers. When all is quiet it sleeps until the next event.
struct LeaderWatch: Sendable {
    let queue: ReadyQueue
    /// How many processors there are for the workers: one is the web server's.
    let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1)

    /// For how long an event may lie before another worker is asked to take it, in microseconds.
    private static let patience: UInt32 = 4000
    /// After so many looks at nothing it sleeps.
    private static let quietLooks = 5

    /// Watches until the queue says stop.
    func run() {
        while queue.waitForEvent() {
            var (before, quiet) = (queue.taken, 0)
            while quiet < Self.quietLooks, !queue.hasEnded {
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

    /// Whether events that lie there shall be somebody else's: when the leaders have taken none meanwhile, and so are held up, or when
    /// they do what they can and there is a processor for one more.
    static func needsAnother(leaders: Int, hasTaken: Bool, processors: Int) -> Bool {
        !hasTaken || leaders < processors
    }
}
