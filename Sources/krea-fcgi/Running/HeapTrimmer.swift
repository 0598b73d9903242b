import CFastCGI
import FoundationEssentials
import Glibc
import ServiceLifecycle

/// Gives memory back to the system that a burst has needed: the heap keeps what was freed for the next, which may never come.
struct HeapTrimmer: ServiceLifecycle.Service {
    /// How often it is looked.
    static let interval: Duration = .seconds(2)
    /// How much more than after the last time has to be resident, in bytes.
    private static let worthwhile = 8 << 20

    let clock: any Clock<Duration>

    func run() async {
        await cancelWhenGracefulShutdown {
            var (known, before) = (Self.resident, Self.resident)
            while (try? await clock.sleep(for: Self.interval)) != nil {
                let now = Self.resident
                if Self.isWorthwhile(now: now, before: before, afterLast: known) {
                    malloc_trim(0)
                    known = Self.resident
                } else {
                    known = min(known, now)
                }
                before = now
            }
        }
    }

    /// Whether the heap is trimmed: when much more is resident than after the last time, and the burst is over.
    static func isWorthwhile(now: Int, before: Int, afterLast known: Int) -> Bool {
        now - known >= worthwhile && now - before < worthwhile
    }

    /// How much memory of the process is there (proc(5), statm), in bytes; 0 where the system does not tell.
    private static var resident: Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return (pages ?? 0) * sysconf(Int32(_SC_PAGESIZE))
    }
}
