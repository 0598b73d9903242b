/// Where a job stands, in our own words.
public enum JobState: String, CaseIterable, Sendable, Codable {
    /// Accepted and in the queue; Krea has not heard of it.
    case waiting
    /// The one call that creates and pays it is being made, or was being made when the process ended.
    case submitting
    /// The answer to that call was lost: Krea may have it. Never sent again from here without proof of its absence.
    case unconfirmed
    /// Krea has it and is asked about it.
    case running
    /// There are pictures.
    case completed
    /// There will be none; the job's failure says why.
    case failed
    /// It was cancelled before it was sent, or at Krea.
    case cancelled
    /// All polls are used up and Krea had not finished. Krea may still finish it, and bill it.
    case timedOut = "timed_out"

    /// Where a job can go from each state. What is not listed here never happens. A failure is left only where Krea may still have the
    /// picture; see ``Submission/canBeResumed``.
    public static let transitions: [JobState: Set<JobState>] = [
        .waiting: [.submitting, .failed, .cancelled],
        .submitting: [.running, .unconfirmed, .waiting, .failed, .cancelled],
        .unconfirmed: [.running, .waiting, .failed, .cancelled],
        .running: [.completed, .failed, .cancelled, .timedOut],
        .timedOut: [.running, .completed, .failed, .cancelled],
        .completed: [],
        .failed: [.running],
        .cancelled: [],
    ]

    /// Whether the table has a way from here to `next`.
    public func canBecome(_ next: JobState) -> Bool {
        Self.transitions[self, default: []].contains(next)
    }

    /// Whether nothing more happens by itself: a picture, a failure, a cancellation or the end of the polls.
    public var isFinished: Bool {
        switch self {
        case .completed, .failed, .cancelled, .timedOut: true
        case .waiting, .submitting, .unconfirmed, .running: false
        }
    }
}

/// A step that the table of ``JobState/transitions`` does not have: an error of the program, not of a user.
public struct IllegalTransition: Error, Equatable, CustomStringConvertible {
    /// Where the job stood.
    public let from: JobState
    /// Where it was told to go.
    public let to: JobState

    /// The step in words.
    public var description: String { "a job that is \(from.rawValue) cannot become \(to.rawValue)" }
}
