package import Jobs
import Synchronization

/// The time of a test: it stands still until the test moves it.
package final class TestTime: Sendable {
    private let milliseconds: Mutex<Int64>

    /// 2026-03-01T12:00:00Z, unless told otherwise.
    package init(_ start: Timestamp = Timestamp(milliseconds: 1_772_366_400_000)) {
        milliseconds = Mutex(start.milliseconds)
    }

    package var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

    package func advance(by duration: Duration) {
        milliseconds.withLock { $0 += duration.millisecondsRoundedUp }
    }

    /// Moves on to `moment`; stays where it is when that is past.
    package func advance(to moment: Timestamp) {
        milliseconds.withLock { $0 = max($0, moment.milliseconds) }
    }
}
