import Synchronization

/// How many may do something at the same time that holds a thread for long.
final class StreamLimit: Sendable {
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
        private let streamLimit: StreamLimit

        fileprivate init(_ streamLimit: StreamLimit) {
            self.streamLimit = streamLimit
        }

        deinit {
            streamLimit.free.withLock { $0 += 1 }
        }
    }
}
