import CFastCGI
import Glibc
import Synchronization

/// What is ready to be worked on: one epoll set of the listening socket, every idle connection, errands, and the sign to stop.
///
/// An idle connection is watched for one event and then belongs to the worker that took it, until it is parked again or
/// ``done()``. All methods may be called from any thread.
final class ReadyQueue: Sendable {
    enum Event: Equatable {
        /// Connections wait to be accepted; the caller accepts one, which it then owns, or is ``ReadyQueue/done()``.
        case listening
        /// A connection has bytes, or was closed by its peer; the caller owns it now.
        case connection(Int32)
        /// An errand waits.
        case errand
        /// The workers shall end.
        case stop
    }

    /// All connections that there are.
    private struct Open {
        /// How many are watched or belong to workers.
        var count = 0
        var isStopping = false
        /// Told once, when the last connection is gone after the stop.
        var whenNone: (@Sendable () -> Void)?
    }

    /// Those that are watched, of some descriptors: in several parts, so that workers seldom wait for one another.
    private final class Idle: Sendable {
        struct Connections {
            /// With the ID of their latest request; nil for one that has brought none yet.
            var latest: [Int32: UInt16?] = [:]
            var isStopping = false
        }

        let connections = Mutex(Connections())
    }

    private let epoll: Int32
    private let stopSign: Int32
    private let listening: Int32
    private let errands: Int32
    private let open = Mutex(Open())
    private let parts = (0..<16).map { _ in Idle() }
    private let hasStopped = Atomic<Bool>(false)
    private let ended = Atomic<Bool>(false)
    private let events = Atomic(0)
    private let surplus = Surplus()
    /// How many events are asked for at once: a call to the system takes longer than the look at each.
    private static let eventsAtOnce = 8
    let leadership: Leadership

    /// Watches a listening socket and a sign that errands wait, which stay the caller's, for so many workers.
    init(listening: Int32, errands: Int32, workers: Int) throws(ListenError) {
        leadership = Leadership(workers: workers, surplus: surplus)
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        stopSign = eventfd(0, Int32(EFD_CLOEXEC))
        self.listening = listening
        self.errands = errands
        // Exclusive: another process that shares the socket is not woken for nothing.
        guard epoll >= 0, stopSign >= 0, watch(listening, EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue),
            watch(stopSign, EPOLLIN.rawValue), watch(errands, EPOLLIN.rawValue)
        else { throw ListenError("The worker threads cannot wait for connections", errno: errno) }
    }

    deinit {
        for part in parts { for connection in part.connections.withLock({ $0.latest.keys }) { close(connection) } }
        if stopSign >= 0 { close(stopSign) }
        if epoll >= 0 { close(epoll) }
    }

    /// Waits for the next event, until there is one and it is for the worker with this role.
    func next(_ role: Leadership.Role) -> Event {
        while true {
            role.lead()
            guard let descriptor = readyDescriptor() else {
                role.resign()
                continue
            }
            events.add(1, ordering: .relaxed)
            if descriptor == stopSign { return .stop }
            if descriptor == errands { return .errand }
            guard descriptor == listening else {
                _ = part(of: descriptor).connections.withLock { $0.latest.removeValue(forKey: descriptor) }
                return .connection(descriptor)
            }
            // One that was ready just before the stop is the next process's.
            let isOurs = open.withLock { open in
                if !open.isStopping { open.count += 1 }
                return !open.isStopping
            }
            if isOurs { return .listening }
        }
    }

    /// What is ready now or, where no other leader waits, as soon as there is something.
    private func readyDescriptor() -> Int32? {
        if let descriptor = surplus.take() { return descriptor }
        return withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Self.eventsAtOnce) { events in
            let wait = { milliseconds in Int(epoll_wait(self.epoll, events.baseAddress, Int32(events.count), milliseconds)) }
            let count = leadership.someoneWaits ? wait(0) : leadership.waiting { wait(-1) }
            guard count > 0 else { return nil }
            if count > 1 { surplus.add(events[1..<count].lazy.map { $0.data.fd }) }
            return events[0].data.fd
        }
    }

    /// How many events were taken so far.
    var taken: Int { events.load(ordering: .relaxed) }

    /// Whether there is an event that nobody has taken.
    var hasEvent: Bool {
        var state = pollfd(fd: epoll, events: Int16(POLLIN), revents: 0)
        return !surplus.isEmpty || poll(&state, 1, 0) == 1
    }

    /// Whether the workers shall end.
    var hasEnded: Bool { ended.load(ordering: .acquiring) }

    /// Returns when there is an event, without taking it; false when the workers shall end.
    func waitForEvent() -> Bool {
        surplus.sleep(until: epoll)
        return !hasEnded
    }

    /// Watches a connection until it has something to read. `isNew`: it was never parked before. `lastRequest`: the ID of the request
    /// that it has just brought, if any.
    func park(_ connection: Int32, isNew: Bool, lastRequest: UInt16?) {
        part(of: connection).connections.withLock { idle in
            idle.latest[connection] = .some(lastRequest)
            if idle.isStopping, let lastRequest { Farewell.say(to: connection, request: lastRequest) }
        }
        var event = epoll_event(
            events: EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLONESHOT.rawValue,
            data: epoll_data_t(fd: connection)
        )
        if epoll_ctl(epoll, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, connection, &event) != 0 {
            _ = part(of: connection).connections.withLock { $0.latest.removeValue(forKey: connection) }
            close(connection)
            done()
        }
    }

    /// The caller has closed the connection that it took, or got none.
    func done() {
        change { $0.count -= 1 }
    }

    /// Whether ``stopAccepting(whenNone:)`` was called: no connection is kept any more.
    var isStopping: Bool { hasStopped.load(ordering: .acquiring) }

    /// How many connections are watched: open, with no request on them.
    var idleCount: Int {
        parts.reduce(0) { $0 + $1.connections.withLock { $0.latest.count } }
    }

    /// Leaves the listening socket alone from now on: what waits in its backlog stays there for another process. Tells whoever keeps a
    /// connection to let it go. `whenNone` is called, once, when there is no connection any more.
    func stopAccepting(whenNone: @escaping @Sendable () -> Void) {
        epoll_ctl(epoll, EPOLL_CTL_DEL, listening, nil)
        open.withLock { open in
            open.isStopping = true
            hasStopped.store(true, ordering: .releasing)
        }
        for part in parts {
            part.connections.withLock { idle in
                idle.isStopping = true
                for case (let connection, let request?) in idle.latest { Farewell.say(to: connection, request: request) }
            }
        }
        change { $0.whenNone = whenNone }
    }

    private func part(of connection: Int32) -> Idle { parts[Int(connection) & 15] }

    private func change(_ body: (inout sending Open) -> Void) {
        let whenNone = open.withLock { open -> (@Sendable () -> Void)? in
            body(&open)
            guard open.isStopping, open.count == 0 else { return nil }
            defer { open.whenNone = nil }
            return open.whenNone
        }
        whenNone?()
    }

    /// Gives every worker that asks for the next event the sign to end; it is never taken back.
    func stop() {
        ended.store(true, ordering: .releasing)
        eventfd_write(stopSign, 1)
        leadership.dismiss()
    }

    private func watch(_ descriptor: Int32, _ events: UInt32) -> Bool {
        var event = epoll_event(events: events, data: epoll_data_t(fd: descriptor))
        return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0
    }
}
