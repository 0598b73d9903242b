import Answers
import CFastCGI
import Glibc
import Synchronization

/// What is ready to be worked on: one epoll set of the listening socket, every connection that waits, and the signs that there are
/// deadlines, woken answers or tasks, or that the workers end.
///
/// A connection that waits is watched for one event and then belongs to the worker that took it, until it is parked again or
/// ``done()``. All methods may be called from any thread.
final class ReadyQueue: Sendable {
    enum Event {
        /// Connections wait to be accepted; the caller accepts one, which it then owns, or is ``ReadyQueue/done()``.
        case listening
        /// A connection has what it waited for, or was closed by its peer; the caller owns it now.
        case connection(Int32, Awaited)
        /// Some have waited too long; see ``ReadyQueue/takeOverdue(at:)``.
        case overdue
        /// Answers can be gone on with; see ``ReadyQueue/takeWoken()``.
        case woken
        /// A task waits.
        case task
        /// The workers end.
        case stop
    }

    /// All connections that there are.
    private struct Open {
        /// How many are watched or belong to workers.
        var count = 0
        var isStopping = false
        /// Whether nothing is accepted because there are as many as there may be.
        var isFull = false
        /// Told once, when the last connection is gone after the stop.
        var whenNone: (@Sendable () -> Void)?
    }

    /// A part of the connections, with its lock.
    private final class Part: Sendable {
        let table: Mutex<ConnectionTable>

        init(_ number: Int) {
            table = Mutex(ConnectionTable(part: number))
        }
    }

    private let epoll: Int32
    private let stopSign: Int32
    private let listening: Int32
    private let workerTasks: Int32
    private let timer = DeadlineTimer()
    private let woken = WokenAnswers()
    private let limit: Int
    private let memory: Int
    private let whenFull: @Sendable () -> Void
    private let whenHeld: @Sendable () -> Void
    private let open = Mutex(Open())
    private let parts = (0..<ConnectionTable.count).map { Part($0) }
    private let turns = Atomic<UInt32>(0)
    private let footprint = Atomic(0)
    private let held = Atomic(0)
    private let changeCount = Atomic(0)
    private let hasStopped = Atomic<Bool>(false)
    private let ended = Atomic<Bool>(false)
    private let events = Atomic(0)
    private let pendingEvents = PendingEvents()
    /// How many events are asked for at once: a call to the system takes longer than the look at each.
    private static let eventsAtOnce = 8
    let leadership: Leadership

    /// Watches a listening socket and a sign that workerTasks wait, which stay the caller's, for so many workers.
    ///
    /// - Parameters:
    ///   - limit: How many connections there are at most.
    ///   - memory: How many bytes they keep at most that strangers have brought.
    ///   - whenHeld: Called when an answer is held and none was before.
    ///   - whenFull: Called when there are as many connections as there may be.
    init(
        listening: Int32, workerTasks: Int32, workers: Int, limit: Int = .max, memory: Int = .max,
        whenHeld: @escaping @Sendable () -> Void = {}, whenFull: @escaping @Sendable () -> Void = {}
    ) throws(ListenError) {
        leadership = Leadership(workers: workers, pendingEvents: pendingEvents)
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        stopSign = eventfd(0, Int32(EFD_CLOEXEC))
        self.listening = listening
        self.workerTasks = workerTasks
        self.limit = limit
        self.memory = memory
        self.whenFull = whenFull
        self.whenHeld = whenHeld
        guard epoll >= 0, stopSign >= 0, timer.descriptor >= 0, woken.descriptor >= 0, watchListening(), watch(stopSign),
            watch(workerTasks), watch(timer.descriptor), watch(woken.descriptor)
        else { throw ListenError("The worker threads cannot wait for connections", errno: errno) }
    }

    deinit {
        for part in parts { for one in part.table.withLock({ Array($0.waiting) }) { close(one.connection) } }
        if stopSign >= 0 { close(stopSign) }
        if epoll >= 0 { close(epoll) }
    }

    /// Waits for the next event, until there is one and it is for the worker with this role.
    func next(_ role: Leadership.Role) -> Event {
        while true {
            role.lead()
            guard let ready = readyEvent() else {
                role.resign()
                continue
            }
            events.add(1, ordering: .relaxed)
            switch ready.descriptor {
            // No answer is left behind.
            case stopSign: return woken.isEmpty ? .stop : .woken
            case woken.descriptor: return .woken
            case workerTasks: return .task
            case timer.descriptor: if timer.take() { return .overdue }
            case listening: if claim() { return .listening }
            default:
                guard let awaited = part(of: ready.descriptor).table.withLock({ $0.take(ready) }) else { continue }
                count(awaited, -1)
                return .connection(ready.descriptor, awaited)
            }
        }
    }

    /// Counts a connection that is going to be accepted; false where none may be.
    private func claim() -> Bool {
        let (isOurs, isFullNow) = open.withLock { open -> (Bool, Bool) in
            // One that was ready just before the stop is the next process's.
            guard !open.isStopping, open.count < limit else { return (false, false) }
            open.count += 1
            guard open.count == limit else { return (true, false) }
            open.isFull = true
            epoll_ctl(epoll, EPOLL_CTL_DEL, listening, nil)
            return (true, true)
        }
        if isFullNow {
            // Web servers let idle connections go, to make room for those with a request.
            for part in parts { part.table.withLock { letGo(of: $0) } }
            whenFull()
        }
        return isOurs
    }

    private func letGo(of table: ConnectionTable) {
        for one in table.waiting {
            if case .request(let latest?) = one.awaited { ConnectionCloseNotice.say(to: one.connection, request: latest) }
        }
    }

    /// What is ready now or, where no other leader waits, as soon as there is something.
    private func readyEvent() -> Readiness? {
        if let event = pendingEvents.take() { return event }
        return withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Self.eventsAtOnce) { events in
            let wait = { milliseconds in Int(epoll_wait(self.epoll, events.baseAddress, Int32(events.count), milliseconds)) }
            let count = leadership.someoneWaits ? wait(0) : leadership.waiting { wait(-1) }
            guard count > 0 else { return nil }
            if count > 1 { pendingEvents.add(events[1..<count].lazy.map { Readiness($0) }) }
            return Readiness(events[0])
        }
    }

    /// How many events were taken so far.
    var taken: Int { events.load(ordering: .relaxed) }

    /// Whether there is an event that no worker has taken.
    var hasEvent: Bool {
        var state = pollfd(fd: epoll, events: Int16(POLLIN), revents: 0)
        return !pendingEvents.isEmpty || poll(&state, 1, 0) == 1
    }

    /// Whether the workers were told to end.
    var hasEnded: Bool { ended.load(ordering: .acquiring) }

    /// Returns when there is an event, without taking it; false when the workers were told to end.
    func waitForEvent() -> Bool {
        pendingEvents.sleep(until: epoll)
        return !hasEnded
    }

    /// Watches a connection until it has what it waits for, or `deadline` has passed. `isNew`: it was never parked before.
    ///
    /// A held answer goes on when its topic changes, or has changed since there were as many `changes`.
    func park(
        _ connection: Int32, isNew: Bool, for awaited: Awaited, until deadline: ContinuousClock.Instant? = nil, since changes: Int? = nil
    ) {
        count(awaited, 1)
        let turn = turns.add(1, ordering: .relaxed).newValue
        let isWatched = part(of: connection).table.withLock { table in
            if table.isStopping, case .request(let latest?) = awaited { ConnectionCloseNotice.say(to: connection, request: latest) }
            // Under the lock, so that no other thread finds it overdue before it is watched.
            guard table.park(connection, in: epoll, isNew: isNew, for: awaited, until: deadline, turn: turn) else { return false }
            // What changed while no one could wake it.
            if case .answer(let answer) = awaited, answer.wait != nil {
                if table.isStopping {
                    wake([connection], in: &table, .stopping)
                } else if answer.isHeld, changes != self.changes {
                    wake([connection], in: &table, .changed)
                }
            }
            return true
        }
        guard isWatched else {
            count(awaited, -1)
            close(connection)
            return done()
        }
        if let deadline { timer.include(deadline) }
    }

    /// How often something has changed. To be read before the caller looks at what it says: see ``park(_:isNew:for:until:since:)``.
    var changes: Int { changeCount.load(ordering: .acquiring) }

    /// How many answers are held.
    var heldCount: Int { held.load(ordering: .relaxed) }

    /// Wakes the answers that wait for one of these topics; all if it is nil.
    func wake(_ topics: Set<Int>?) {
        changeCount.add(1, ordering: .acquiringAndReleasing)
        guard heldCount > 0 else { return }
        for part in parts {
            part.table.withLock { table in
                wake(in: &table, .changed) { one in one.topic.map { topics?.contains($0) ?? true } ?? false }
            }
        }
    }

    /// Some of the answers that can be gone on with; the caller owns their connections now.
    func takeWoken() -> [WokenAnswers.Woken] {
        let some = woken.take()
        for one in some { count(.answer(one.answer), -1) }
        return some
    }

    /// Has those answers go on that are meant.
    private func wake(in table: inout ConnectionTable, _ occasion: Wait.Occasion, where isMeant: (ConnectionTable.Entry) -> Bool) {
        wake(table.waiting.filter { isMeant($0.entry) }.map(\.connection), in: &table, occasion)
    }

    private func wake(_ some: [Int32], in table: inout ConnectionTable, _ occasion: Wait.Occasion) {
        woken.add(
            some.compactMap { connection in
                guard case .answer(let answer)? = table.take(connection) else { return nil }
                return WokenAnswers.Woken(connection: connection, answer: answer, occasion: occasion)
            })
    }

    private func count(_ awaited: Awaited, _ sign: Int) {
        let size = awaited.footprint
        if size != 0 { footprint.add(sign * size, ordering: .relaxed) }
        if awaited.held != nil, held.add(sign, ordering: .relaxed).newValue == 1, sign > 0 { whenHeld() }
    }

    /// Takes those whose deadline has passed; the caller owns them now. Held answers are woken instead. The timer is set for the others.
    func takeOverdue(at now: ContinuousClock.Instant) -> [(connection: Int32, awaited: Awaited)] {
        var earliest: ContinuousClock.Instant?
        let taken = parts.flatMap { part in
            part.table.withLock { table -> [(Int32, Awaited)] in
                wake(in: &table, .due) { one in one.topic != nil && one.deadline.map { $0 <= now } ?? false }
                var overdue: [(Int32, Awaited)] = []
                for one in table.waiting {
                    guard let deadline = one.entry.deadline else { continue }
                    if deadline <= now {
                        overdue.append((one.connection, one.awaited))
                    } else {
                        earliest = min(earliest ?? deadline, deadline)
                    }
                }
                for (connection, _) in overdue { _ = table.take(connection) }
                return overdue
            }
        }
        for (_, awaited) in taken { count(awaited, -1) }
        if let earliest { timer.include(earliest) }
        return taken
    }

    /// Takes the one that has waited for its peer longest, if those that wait keep more than they may.
    func takeOldestOfTooMany() -> (connection: Int32, awaited: Awaited)? {
        while footprint.load(ordering: .relaxed) > memory {
            var oldest: (connection: Int32, turn: UInt32, since: ContinuousClock.Instant)?
            for part in parts {
                part.table.withLock { table in
                    for one in table.waiting where one.awaited.footprint > 0 {
                        guard let since = one.awaited.since, since < oldest?.since ?? .now else { continue }
                        oldest = (one.connection, one.entry.turn, since)
                    }
                }
            }
            guard let oldest else { return nil }
            let awaited = part(of: oldest.connection).table.withLock { $0.take(oldest.connection, turn: oldest.turn) }
            // Where a worker was faster it is looked again.
            guard let awaited else { continue }
            count(awaited, -1)
            return (oldest.connection, awaited)
        }
        return nil
    }

    /// The answers that are not read to their end when the last worker has ended.
    var unsentAnswers: [(connection: Int32, answer: OutgoingAnswer)] {
        parts.flatMap { part in
            part.table.withLock {
                $0.waiting.compactMap { if case .answer(let answer) = $0.awaited { ($0.connection, answer) } else { nil } }
            }
        }
    }

    /// The caller has closed the connection that it took, or got none.
    func done() {
        change { open in
            open.count -= 1
            // Not at the first that goes: that would be one call to the system for each connection.
            guard open.isFull, !open.isStopping, open.count <= limit - max(1, limit / 16) else { return }
            open.isFull = false
            _ = watchListening()
        }
    }

    /// Whether ``stopAccepting(whenNone:)`` was called: no connection is kept any more.
    var isStopping: Bool { hasStopped.load(ordering: .acquiring) }

    /// How many connections are open with no request on them.
    var idleCount: Int {
        parts.reduce(0) { sum, part in
            sum + part.table.withLock { $0.waiting.count { if case .request = $0.awaited { true } else { false } } }
        }
    }

    /// Leaves the listening socket alone from now on: what waits in its backlog stays there for another process. Tells web
    /// servers to let idle connections go, and wakes every answer that waits. `whenNone` is called, once, when there is no connection any more.
    func stopAccepting(whenNone: @escaping @Sendable () -> Void) {
        open.withLock { open in
            if !open.isFull { epoll_ctl(epoll, EPOLL_CTL_DEL, listening, nil) }
            open.isStopping = true
            hasStopped.store(true, ordering: .releasing)
        }
        for part in parts {
            part.table.withLock { table in
                table.isStopping = true
                letGo(of: table)
                wake(in: &table, .stopping, where: \.isWaiting)
            }
        }
        change { $0.whenNone = whenNone }
    }

    private func part(of connection: Int32) -> Part { parts[Int(connection) % ConnectionTable.count] }

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

    private func watchListening() -> Bool {
        // Exclusive: another process that shares the socket is not woken for nothing.
        watch(listening, EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue)
    }

    private func watch(_ descriptor: Int32, _ events: UInt32 = EPOLLIN.rawValue) -> Bool {
        var event = epoll_event(events: events, data: Readiness.data(descriptor))
        return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0
    }
}
