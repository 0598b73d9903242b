import CFastCGI
import Glibc

/// Prevents core dumps, which would contain the token and prompts.
enum CoreDump {
    /// Prevents core dumps of this process wherever they would go, and keeps other processes of the same user from reading its memory
    /// (core(5), prctl(2) PR_SET_DUMPABLE). Holds until exec.
    static func prevent() {
        // Both are needed: the limit does not apply if cores go to a program, and a change of user resets the flag.
        _ = process_set_dumpable(0)
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    }

    /// Whether a core dump could be written.
    static var isPossible: Bool { process_dumpable() != 0 }
}
