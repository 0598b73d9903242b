import CFastCGI
import Glibc
import Synchronization

/// Connections that were ready together with one that a leader has taken: whoever asks next takes them, without a call to the system.
///
/// The system does not know of them any more, so whoever watches for events that nobody takes has to look here, and is called where it sleeps.
final class Surplus: Sendable {
    private let connections = Mutex<[Int32]>([])
    private let isWatchAsleep = Atomic<Bool>(false)
    /// Becomes readable when a watch that sleeps shall look.
    private let call = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))

    deinit {
        close(call)
    }

    var isEmpty: Bool { connections.withLock(\.isEmpty) }

    /// One of them, in the order in which they came.
    func take() -> Int32? { connections.withLock { $0.popLast() } }

    /// Adds some, in the order in which they came.
    func add(_ new: some BidirectionalCollection<Int32>) {
        connections.withLock { $0.append(contentsOf: new.reversed()) }
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
