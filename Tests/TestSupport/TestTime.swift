package import Jobs
import Synchronization

/// The time of a test: it stands still until the test moves it.
package final class TestTime: Sendable {
    private let milliseconds: Mutex<Int64>
    private let steps = Mutex(Duration.zero)

    /// 2026-03-01T12:00:00Z, unless told otherwise.
    package init(_ start: Timestamp = Timestamp(milliseconds: 1_772_366_400_000)) {
        milliseconds = Mutex(start.milliseconds)
    }

    package var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

    /// How long this has been running; a step of the wall clock does not count.
    package var uptime: Duration { .milliseconds(now.milliseconds) - steps.withLock { $0 } }

    /// How the wall clock stands to the one that nobody puts forward or back.
    package var origin: ClockOrigin { ClockOrigin(boot: "test", wallAtZero: now - uptime) }

    /// What a clock shows that started with this one and that nobody puts forward or back.
    package var kreaNow: Timestamp { .epoch + uptime }

    /// Puts the wall clock forward or back, though no time passes.
    package func step(by step: Duration) {
        steps.withLock { $0 += step }
        milliseconds.withLock { $0 += (Timestamp.epoch + step).milliseconds }
    }

    package func advance(by duration: Duration) {
        milliseconds.withLock { $0 += duration.millisecondsRoundedUp }
    }

    /// Moves on to `moment`; stays where it is when that is past.
    package func advance(to moment: Timestamp) {
        milliseconds.withLock { $0 = max($0, moment.milliseconds) }
    }
}
