import Glibc

/// What signals do to the process, and which threads take them: none of the server's.
///
/// libfcgi installs handlers for SIGPIPE, SIGUSR1 and SIGTERM that end nothing, and gives up a request whose system call a signal
/// interrupts. So signals are blocked, and taken in one place.
///
/// | signal | meaning |
/// |---|---|
/// | SIGTERM, SIGINT, SIGQUIT | stop |
/// | SIGHUP | read the configuration again |
/// | those in ``ignored``, real-time signals | nothing |
/// | SIGXCPU, SIGTSTP, SIGTTIN, SIGTTOU, SIGCHLD and all others | what the system has for them |
public enum Signals {
    /// Signals that programs like this one give other meanings, that timers, pipes and terminals send, or that tell of a limit on the size of
    /// files, where the failed write says enough. Their usual effect would be the end of the process.
    public static let ignored = [SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSTKFLT, SIGXFSZ]

    /// Blocks SIGTERM, SIGINT, SIGQUIT, SIGHUP and SIGPIPE in the calling thread and in every thread that it starts later, and has the whole
    /// process ignore ``ignored`` and the real-time signals.
    ///
    /// To be called first of all in `main`, before any other thread exists. SIGTERM, SIGINT, SIGQUIT and SIGHUP are then taken through a signal
    /// descriptor (as service-lifecycle does).
    public static func prepareProcess() {
        change(SIG_BLOCK, [SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGPIPE])
        // Not only blocked: Dispatch lets signals in where it parks the main thread.
        for number in ignored + Array(__libc_current_sigrtmin()...__libc_current_sigrtmax()) { signal(number, SIG_IGN) }
    }

    /// Has the process ignore SIGHUP until it is taken: blocking alone does not hold it off, because Dispatch lets signals in where it parks
    /// the main thread. For programs that read their configuration again; others end with their terminal.
    public static func ignoreHangups() { signal(SIGHUP, SIG_IGN) }

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
