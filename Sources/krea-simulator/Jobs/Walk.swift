/// Krea's nine words for the state of a job.
enum JobStatus: String, Sendable, CaseIterable {
    case backlogged, queued, scheduled, processing, sampling
    case intermediateComplete = "intermediate-complete"
    case completed, failed, cancelled

    /// Whether the job goes no further.
    var isTerminal: Bool { [.completed, .failed, .cancelled].contains(self) }
}

/// A state of a job and its duration.
struct Stage: Sendable, Equatable {
    /// Krea's word for the state, or an unknown one.
    var status: String
    /// The duration in milliseconds; `Int64.max` for ever.
    var dwell: Int64

    init(_ status: JobStatus, dwell: Int64) {
        self.init(word: status.rawValue, dwell: dwell)
    }

    init(word: String, dwell: Int64) {
        (self.status, self.dwell) = (word, dwell)
    }
}

/// The states of a running job, without its end.
struct Walk: Sendable, Equatable {
    var stages: [Stage]

    /// All five states, lasting `milliseconds` together.
    static func lasting(_ milliseconds: Int64) -> Walk {
        let shares: [(JobStatus, Int64)] = [
            (.queued, 10), (.scheduled, 5), (.processing, 25), (.sampling, 45), (.intermediateComplete, 15),
        ]
        var stages = shares.map { Stage($0, dwell: milliseconds * $1 / 100) }
        stages[stages.count - 1].dwell += milliseconds - stages.reduce(0) { $0 + $1.dwell }
        return Walk(stages: stages)
    }

    /// The milliseconds from the start to the end; nil if there is no end.
    var duration: Int64? {
        stages.contains { $0.dwell == .max } ? nil : stages.reduce(0) { $0 + $1.dwell }
    }

    /// The status word `elapsed` milliseconds after the start; nil at the end. A stage's first millisecond belongs to it.
    func status(after elapsed: Int64) -> String? {
        var left = elapsed
        for stage in stages {
            if left < stage.dwell { return stage.status }
            left -= stage.dwell
        }
        return nil
    }
}
