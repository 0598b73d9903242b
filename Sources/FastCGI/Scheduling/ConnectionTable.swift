import Answers
import CFastCGI
import Glibc

/// The connections of one epoll set whose descriptors leave the same remainder when divided by ``count``: what each waits for.
///
/// In several parts, so that workers seldom wait for each other's lock.
struct ConnectionTable {
    /// How many parts there are.
    static let count = 16

    /// One connection.
    struct Entry {
        /// The number of its registration with epoll. An event with another number is of an earlier wait, or of an earlier connection with the
        /// same descriptor, and says nothing.
        var turn: UInt32 = 0
        /// What it waits for; nil while a worker has it, and after its end.
        var awaited: Awaited?
        /// When it has waited too long.
        var deadline: ContinuousClock.Instant?
        /// Whether epoll reports what arrives without being asked again (EPOLLET): see ``park(_:in:for:until:turn:)``.
        var isArmed = false

        /// The topic that a held answer waits for.
        var topic: Int? { awaited?.held?.wait?.topic }

        /// Whether it is an answer with more to come.
        var isWaiting: Bool { if case .answer(let answer)? = awaited { answer.wait != nil } else { false } }
    }

    var isStopping = false
    private let part: Int32
    private var entries: [Entry] = []

    init(part: Int) {
        self.part = Int32(part)
    }

    /// Those that wait, with their descriptors.
    var waiting: some Sequence<(connection: Int32, entry: Entry, awaited: Awaited)> {
        entries.indices.lazy.compactMap { [entries, part] index in
            entries[index].awaited.map { (Int32(index * Self.count) + part, entries[index], $0) }
        }
    }

    /// Parks a connection and watches it: for its peer's next bytes or end, or until it takes more of an answer. False if it cannot be watched.
    ///
    /// Between two requests a kept connection stays watched by the edge (EPOLLET), which saves a call to epoll_ctl for each request; one that
    /// has reported an event meanwhile, or waits for something else, is registered anew, whereupon epoll looks at its state again.
    mutating func park(
        _ connection: Int32, in epoll: Int32, isNew: Bool, for awaited: Awaited, until deadline: ContinuousClock.Instant?, turn: UInt32
    ) -> Bool {
        let index = index(of: connection)
        if index >= entries.count { entries += repeatElement(Entry(), count: index + 1 - entries.count) }
        let isRequest = if case .request = awaited { true } else { false }
        if isRequest, !isNew, entries[index].isArmed {
            entries[index].awaited = awaited
            return true
        }
        entries[index] = Entry(turn: turn, awaited: awaited, deadline: deadline, isArmed: isRequest)
        let direction = if case .answer(let answer) = awaited, answer.hasUnsent { EPOLLOUT } else { EPOLLIN }
        let mode = isRequest ? EPOLLET : EPOLLONESHOT
        var event = epoll_event(
            events: direction.rawValue | EPOLLRDHUP.rawValue | mode.rawValue, data: Readiness.data(connection, turn: turn))
        guard epoll_ctl(epoll, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, connection, &event) == 0 else {
            entries[index].awaited = nil
            return false
        }
        return true
    }

    /// What a connection that is ready waits for; nil if a worker has it, or the event is an old one. The caller owns the connection.
    mutating func take(_ ready: Readiness) -> Awaited? {
        let index = index(of: ready.descriptor)
        guard entries.indices.contains(index), entries[index].turn == ready.turn else { return nil }
        // An end, or anything that comes while a worker has it, is not reported a second time.
        if ready.isOver || entries[index].awaited == nil { entries[index].isArmed = false }
        return take(ready.descriptor)
    }

    /// Takes a connection, if it waits; the caller owns it.
    mutating func take(_ connection: Int32) -> Awaited? {
        let index = index(of: connection)
        defer { entries[index].awaited = nil }
        return entries[index].awaited
    }

    /// Takes a connection, if it still waits as it did under this number.
    mutating func take(_ connection: Int32, turn: UInt32) -> Awaited? {
        entries[index(of: connection)].turn == turn ? take(connection) : nil
    }

    private func index(of connection: Int32) -> Int { Int(connection) / Self.count }
}
