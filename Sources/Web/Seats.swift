import Synchronization

/// How many may do something at the same time that holds a thread for long.
final class Seats: Sendable {
    private let free: Mutex<Int>

    init(_ count: Int) {
        free = Mutex(count)
    }

    /// A seat, which is free again when nobody holds it any more; nil when all are taken.
    func take() -> Seat? {
        let isFree = free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
        return isFree ? Seat(self) : nil
    }

    final class Seat: Sendable {
        private let seats: Seats

        fileprivate init(_ seats: Seats) {
            self.seats = seats
        }

        deinit {
            seats.free.withLock { $0 += 1 }
        }
    }
}
