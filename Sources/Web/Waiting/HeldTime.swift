import Answers
import Jobs

/// The time of an answer that is held: how much of it is left, and how long nothing was said.
///
/// A wall clock that is put back does not make it longer: each wait that ran out counts for as long as it was.
struct HeldTime: Sendable {
    /// How often the job is read again without a change of its own: what has changed for all jobs shows then. A stream where that is nothing
    /// says that it is still there.
    static let quiet: Duration = .seconds(15)
    /// The longest that a stream takes; its reader then asks for the next.
    static let stream: Duration = .seconds(60)

    private var left: Duration
    private var silence: Duration = .zero
    private var latest: Timestamp

    /// The time of an answer that begins `now` and may take as long as `length`.
    init(_ length: Duration, from now: Timestamp) {
        left = length
        latest = now
    }

    var isOver: Bool { left <= .zero }

    /// Whether the reader should hear that the answer is still there.
    var isQuiet: Bool { silence >= Self.quiet }

    /// How long to wait at most before the job is read again.
    var wait: Duration { max(.zero, min(left, Self.quiet - silence)) }

    /// Counts what has passed when a wait ends.
    mutating func pass(_ occasion: Wait.Occasion, at now: Timestamp) {
        let passed = max(now - latest, occasion == .due ? wait : .zero)
        left -= passed
        silence += passed
        latest = now
    }

    /// The reader has just been told something.
    mutating func speak() { silence = .zero }
}
