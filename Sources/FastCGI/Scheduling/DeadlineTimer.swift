import CFastCGI
import Glibc
import Synchronization

/// Becomes readable when the earliest of many deadlines has passed. It may do so too early, never too late but by ``resolution``.
final class DeadlineTimer: Sendable {
    /// How often it becomes readable at most: each time all that wait are looked at.
    static let resolution: Duration = .milliseconds(50)

    let descriptor = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC) | Int32(TFD_NONBLOCK))
    private let armed = Mutex<ContinuousClock.Instant?>(nil)

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// There is a deadline at `instant`.
    func include(_ instant: ContinuousClock.Instant, now: ContinuousClock.Instant = .now) {
        armed.withLock { armed in
            let time = max(instant, now + Self.resolution)
            if let armed, armed <= time { return }
            armed = time
            let (seconds, attoseconds) = now.duration(to: time).components
            var setting = itimerspec()
            setting.it_value = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
            timerfd_settime(descriptor, 0, &setting, nil)
        }
    }

    /// Acknowledges that it has become readable, and disarms it; false if another thread was faster.
    func take() -> Bool {
        armed.withLock { armed in
            var count: UInt64 = 0
            guard read(descriptor, &count, 8) == 8 else { return false }
            armed = nil
            return true
        }
    }
}
