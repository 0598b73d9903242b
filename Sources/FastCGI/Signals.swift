import Glibc

/// Which threads take signals: none of the server's.
///
/// libfcgi installs handlers for SIGPIPE, SIGUSR1 and SIGTERM that end nothing, and gives up a request whose system call a signal
/// interrupts. So signals are blocked, and taken in one place.
public enum Signals {
    /// Blocks SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1 and SIGPIPE in the calling thread and in every thread that it starts later.
    ///
    /// To be called first of all in `main`, before any other thread exists. SIGTERM, SIGINT, SIGQUIT and SIGHUP are then taken through a signal
    /// descriptor (as service-lifecycle does), SIGUSR1 and SIGPIPE do nothing.
    public static func blockForProcess() {
        change(SIG_BLOCK, [SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGPIPE])
    }

    /// Blocks all signals in the calling thread but those that tell of a fault in it.
    static func blockInWorker() {
        var set = sigset_t()
        sigfillset(&set)
        for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS] { sigdelset(&set, fault) }
        pthread_sigmask(SIG_SETMASK, &set, nil)
    }

    private static func change(_ how: Int32, _ signals: [Int32]) {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        pthread_sigmask(how, &set, nil)
    }
}
