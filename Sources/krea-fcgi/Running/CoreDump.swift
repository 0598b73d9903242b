import CFastCGI
import Glibc

/// The image of a process that the system writes to disk when it crashes. Of this program it would hold the token and prompts.
enum CoreDump {
    /// Lets none be written of this process, wherever the system would put it, and lets no other process of the same user look into its
    /// memory (core(5), prctl(2) PR_SET_DUMPABLE). Holds until the process becomes another program.
    static func prevent() {
        // Where cores go to a program, the limit does not count; where this process has changed its user, the mark was reset.
        _ = process_set_dumpable(0)
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    }

    /// Whether one could be written.
    static var isPossible: Bool { process_dumpable() != 0 }
}
