/// How long a request was in each stage of its answering.
struct RequestTimings: Equatable {
    var reading = Duration.zero
    var running = Duration.zero
    var writing = Duration.zero

    /// How long it took. What comes bit by bit takes as long as it wants, and does not count.
    var total: Duration { reading + running + writing }

    /// The stage that took longest.
    var longest: Scoreboard.Activity {
        if running >= reading, running >= writing { return .running }
        return reading >= writing ? .reading : .writing
    }

    mutating func add(_ time: Duration, of activity: Scoreboard.Activity) {
        switch activity {
        case .reading: reading += time
        case .running: running += time
        case .writing: writing += time
        case .idle, .streaming: break
        }
    }
}
