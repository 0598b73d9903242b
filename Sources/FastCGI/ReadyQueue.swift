import CFastCGI
import Glibc
import Synchronization

/// What is ready to be worked on: one epoll set of the listening socket, every idle connection, and the sign to stop.
///
/// An idle connection is watched for one event and then belongs to the worker that took it, until it is parked again. All methods
/// may be called from any thread.
final class ReadyQueue: Sendable {
    enum Event: Equatable {
        /// Connections wait to be accepted.
        case listening
        /// A connection has bytes, or was closed by its peer; the caller owns it now.
        case connection(Int32)
        /// The workers shall end.
        case stop
    }

    private let epoll: Int32
    private let stopSign: Int32
    private let listening: Int32
    private let idle = Mutex<Set<Int32>>([])
    private let stopping = Atomic<Bool>(false)

    /// Watches a listening socket, which stays the caller's.
    init(listening: Int32) throws(ListenError) {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        stopSign = eventfd(0, Int32(EFD_CLOEXEC))
        self.listening = listening
        // Exclusive: another process that shares the socket is not woken for nothing.
        guard epoll >= 0, stopSign >= 0, watch(listening, EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue),
            watch(stopSign, EPOLLIN.rawValue)
        else { throw ListenError("The worker threads cannot wait for connections", errno: errno) }
    }

    deinit {
        for connection in idle.withLock({ $0 }) { close(connection) }
        if stopSign >= 0 { close(stopSign) }
        if epoll >= 0 { close(epoll) }
    }

    /// Waits for the next event.
    func next() -> Event {
        var event = epoll_event()
        while epoll_wait(epoll, &event, 1, -1) != 1 {}
        let descriptor = event.data.fd
        if descriptor == listening { return .listening }
        if descriptor == stopSign { return .stop }
        _ = idle.withLock { $0.remove(descriptor) }
        return .connection(descriptor)
    }

    /// Watches a connection until it has something to read. `isNew`: it was never parked before.
    func park(_ connection: Int32, isNew: Bool) {
        idle.withLock { _ = $0.insert(connection) }
        var event = epoll_event(
            events: EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLONESHOT.rawValue,
            data: epoll_data_t(fd: connection)
        )
        if epoll_ctl(epoll, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, connection, &event) != 0 {
            idle.withLock { _ = $0.remove(connection) }
            close(connection)
        }
    }

    /// Whether ``stopAccepting()`` was called: no connection is kept any more.
    var isStopping: Bool {
        stopping.load(ordering: .relaxed)
    }

    /// Leaves the listening socket alone from now on: what waits in its backlog stays there for another process.
    func stopAccepting() {
        stopping.store(true, ordering: .relaxed)
        epoll_ctl(epoll, EPOLL_CTL_DEL, listening, nil)
    }

    /// Gives every worker that asks for the next event the sign to end; it is never taken back.
    func stop() {
        eventfd_write(stopSign, 1)
    }

    private func watch(_ descriptor: Int32, _ events: UInt32) -> Bool {
        var event = epoll_event(events: events, data: epoll_data_t(fd: descriptor))
        return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0
    }
}
