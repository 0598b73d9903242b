import FoundationEssentials
import Glibc
import Jobs

/// The clocks of this machine. Only this file reads them.
enum WallClock {
    /// The wall-clock time.
    @Sendable static func now() -> Timestamp {
        Timestamp(Date())
    }

    /// Wall clock minus the time since boot, which includes sleep (clock_gettime(2)).
    @Sendable static func origin() -> ClockOrigin {
        ClockOrigin.measure(boot: boot, wall: now) {
            var sinceBoot = timespec()
            clock_gettime(CLOCK_BOOTTIME, &sinceBoot)
            return .seconds(sinceBoot.tv_sec) + .nanoseconds(sinceBoot.tv_nsec)
        }
    }

    /// The kernel's ID of this boot (random(4)), or a random one if it cannot be read.
    private static let boot: String = {
        let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        return text ?? JobID.random().description
    }()
}

extension JobID {
    /// A new random ID.
    @Sendable static func random() -> JobID {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }
}

extension WebhookKey {
    /// A new random key.
    @Sendable static func random() -> WebhookKey {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }
}
