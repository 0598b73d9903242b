/// How long a request was in each stage of its answering.
struct RequestTimings: Equatable {
    var reading = Duration.zero
    var running = Duration.zero
    var writing = Duration.zero

    /// How long a worker was busy with it. The time for which a request is held does not count.
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
        case .idle: break
        }
    }

    static func += (timings: inout RequestTimings, more: RequestTimings) {
        timings.reading += more.reading
        timings.running += more.running
        timings.writing += more.writing
    }
}
