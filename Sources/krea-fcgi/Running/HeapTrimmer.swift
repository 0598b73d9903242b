import CFastCGI
import FoundationEssentials
import Glibc
import ServiceLifecycle

/// Returns memory to the system after a burst. The heap would keep it for the next burst, which may never come.
struct HeapTrimmer: ServiceLifecycle.Service {
    /// The time between two checks.
    static let interval: Duration = .seconds(2)
    /// The growth of resident memory since the last trim that makes a trim worthwhile, in bytes.
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

    /// Whether to trim: much more is resident than after the last trim, and the burst is over.
    static func isWorthwhile(now: Int, before: Int, afterLast known: Int) -> Bool {
        now - known >= worthwhile && now - before < worthwhile
    }

    /// The resident memory of the process in bytes (proc(5), statm); 0 if the system does not tell.
    private static var resident: Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return (pages ?? 0) * sysconf(Int32(_SC_PAGESIZE))
    }
}
