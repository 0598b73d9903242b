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

    private struct Connections {
        /// Those that are watched, with the ID of their latest request; nil for one that has brought none yet.
        var idle: [Int32: UInt16?] = [:]
        /// How many belong to workers.
        var taken = 0
        var isStopping = false
        /// Told once, when the last connection is gone after the stop.
        var whenNone: (@Sendable () -> Void)?
    }

    private let epoll: Int32
    private let stopSign: Int32
    private let listening: Int32
    private let errands: Int32
    private let connections = Mutex(Connections())

    /// Watches a listening socket and a sign that errands wait, which stay the caller's.
    init(listening: Int32, errands: Int32) throws(ListenError) {
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
        for connection in connections.withLock({ $0.idle.keys }) { close(connection) }
        if stopSign >= 0 { close(stopSign) }
        if epoll >= 0 { close(epoll) }
    }

    /// Waits for the next event.
    func next() -> Event {
        var event = epoll_event()
        while true {
            while epoll_wait(epoll, &event, 1, -1) != 1 {}
            let descriptor = event.data.fd
            if descriptor == stopSign { return .stop }
            if descriptor == errands { return .errand }
            let isOurs = connections.withLock { connections in
                // One that was ready just before the stop is the next process's.
                if descriptor == listening, connections.isStopping { return false }
                if descriptor != listening { connections.idle.removeValue(forKey: descriptor) }
                connections.taken += 1
                return true
            }
            if isOurs { return descriptor == listening ? .listening : .connection(descriptor) }
        }
    }

    /// Watches a connection until it has something to read. `isNew`: it was never parked before. `lastRequest`: the ID of the request
    /// that it has just brought, if any.
    func park(_ connection: Int32, isNew: Bool, lastRequest: UInt16?) {
        connections.withLock { connections in
            connections.taken -= 1
            connections.idle[connection] = .some(lastRequest)
            if connections.isStopping, let lastRequest { Farewell.say(to: connection, request: lastRequest) }
        }
        var event = epoll_event(
            events: EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLONESHOT.rawValue,
            data: epoll_data_t(fd: connection)
        )
        if epoll_ctl(epoll, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, connection, &event) != 0 {
            close(connection)
            change { $0.idle.removeValue(forKey: connection) }
        }
    }

    /// The caller has closed the connection that it took, or got none.
    func done() {
        change { $0.taken -= 1 }
    }

    /// Whether ``stopAccepting(whenNone:)`` was called: no connection is kept any more.
    var isStopping: Bool {
        connections.withLock { $0.isStopping }
    }

    /// How many connections are watched: open, with no request on them.
    var idleCount: Int {
        connections.withLock { $0.idle.count }
    }

    /// Leaves the listening socket alone from now on: what waits in its backlog stays there for another process. Tells whoever keeps a
    /// connection to let it go. `whenNone` is called, once, when there is no connection any more.
    func stopAccepting(whenNone: @escaping @Sendable () -> Void) {
        epoll_ctl(epoll, EPOLL_CTL_DEL, listening, nil)
        change { connections in
            connections.isStopping = true
            connections.whenNone = whenNone
            for case (let connection, let request?) in connections.idle { Farewell.say(to: connection, request: request) }
        }
    }

    private func change(_ body: (inout sending Connections) -> Void) {
        let whenNone = connections.withLock { connections -> (@Sendable () -> Void)? in
            body(&connections)
            guard connections.isStopping, connections.idle.isEmpty, connections.taken == 0 else { return nil }
            defer { connections.whenNone = nil }
            return connections.whenNone
        }
        whenNone?()
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
