import CFastCGI
import Glibc
import Synchronization

/// What was ready together with what a leader has taken: whoever asks next takes it, in its turn and without a call to the system.
///
/// Of connections the system does not know any more that they are ready. So as long as there is something, a worker has to be awake that
/// takes it (``Leadership/isAttended``), and whoever watches for events that nobody takes has to look here, and is called where it sleeps.
final class PendingEvents: Sendable {
    /// What epoll said of each, the first at the end.
    private let events = Mutex<[UInt64]>([])
    private let isWatchAsleep = Atomic<Bool>(false)
    /// Becomes readable when a watch that sleeps shall look.
    private let call = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))

    deinit {
        close(call)
    }

    var isEmpty: Bool { events.withLock(\.isEmpty) }

    /// The first. One that stays ready, such as a listening socket, may stand there more than once, and come too late.
    func take() -> UInt64? { events.withLock { $0.popLast() } }

    /// Adds what was found when there was nothing left here, in its order.
    func add(_ new: some BidirectionalCollection<UInt64>) {
        events.withLock { $0.append(contentsOf: new.reversed()) }
        if isWatchAsleep.load(ordering: .relaxed) { eventfd_write(call, 1) }
    }

    /// Returns when there is one here, or an event at `descriptor`.
    func sleep(until descriptor: Int32) {
        // Before it looks, so that what comes after its look finds it asleep.
        isWatchAsleep.store(true, ordering: .relaxed)
        defer { isWatchAsleep.store(false, ordering: .relaxed) }
        guard isEmpty else { return }
        var events = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: call, events: Int16(POLLIN), revents: 0)]
        while poll(&events, 2, -1) < 1 {}
        var count: eventfd_t = 0
        eventfd_read(call, &count)
    }
}
