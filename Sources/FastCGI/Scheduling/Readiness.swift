import CFastCGI

/// What epoll says of a descriptor.
struct Readiness: Equatable {
    let descriptor: Int32
    /// The number of the registration with epoll, where the descriptor is a connection's.
    var turn: UInt32 = 0
    /// Whether its peer has ended the connection, or its half of it.
    var isOver = false
}

extension Readiness {
    init(_ event: epoll_event) {
        descriptor = Int32(truncatingIfNeeded: event.data.u64)
        turn = UInt32(truncatingIfNeeded: event.data.u64 >> 32)
        isOver = event.events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
    }

    /// What epoll has to remember to give it back.
    static func data(_ descriptor: Int32, turn: UInt32 = 0) -> epoll_data_t {
        epoll_data_t(u64: UInt64(turn) << 32 | UInt64(descriptor))
    }
}
