import FoundationEssentials
import Glibc
import Jobs

/// The clocks of this machine, read nowhere else.
enum WallClock {
    /// The wall-clock time.
    @Sendable static func now() -> Timestamp {
        Timestamp(Date())
    }

    /// How the wall clock stands to the one that counts since the machine was started, through its sleep too (clock_gettime(2)).
    @Sendable static func origin() -> ClockOrigin {
        var sinceBoot = timespec()
        clock_gettime(CLOCK_BOOTTIME, &sinceBoot)
        let uptime = Duration.seconds(sinceBoot.tv_sec) + .nanoseconds(sinceBoot.tv_nsec)
        return ClockOrigin(boot: boot, wallAtZero: now() - uptime)
    }

    /// The kernel's name for this run of the machine (random(4)); where it cannot be read, runs cannot be told apart.
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
