/// Krea's nine words for the state of a job.
enum JobStatus: String, Sendable, CaseIterable {
    case backlogged, queued, scheduled, processing, sampling
    case intermediateComplete = "intermediate-complete"
    case completed, failed, cancelled

    /// Whether the job goes no further.
    var isTerminal: Bool { [.completed, .failed, .cancelled].contains(self) }
}

/// One state on a job's way, and how long it lasts.
struct Stage: Sendable, Equatable {
    /// Krea's word, or one that nobody knows yet.
    var status: String
    /// Milliseconds; `Int64.max` is for ever.
    var dwell: Int64

    init(_ status: JobStatus, dwell: Int64) {
        self.init(word: status.rawValue, dwell: dwell)
    }

    init(word: String, dwell: Int64) {
        (self.status, self.dwell) = (word, dwell)
    }
}

/// The states a job goes through once it may run, up to but without its end.
struct Walk: Sendable, Equatable {
    var stages: [Stage]

    /// All five states on the way within `milliseconds` altogether.
    static func lasting(_ milliseconds: Int64) -> Walk {
        let shares: [(JobStatus, Int64)] = [
            (.queued, 10), (.scheduled, 5), (.processing, 25), (.sampling, 45), (.intermediateComplete, 15),
        ]
        var stages = shares.map { Stage($0, dwell: milliseconds * $1 / 100) }
        stages[stages.count - 1].dwell += milliseconds - stages.reduce(0) { $0 + $1.dwell }
        return Walk(stages: stages)
    }

    /// Milliseconds from the start to the end; nil if there is no end.
    var duration: Int64? {
        stages.contains { $0.dwell == .max } ? nil : stages.reduce(0) { $0 + $1.dwell }
    }

    /// The word `elapsed` milliseconds after the start; nil once the end is reached. A stage's first millisecond belongs to it.
    func status(after elapsed: Int64) -> String? {
        var left = elapsed
        for stage in stages {
            if left < stage.dwell { return stage.status }
            left -= stage.dwell
        }
        return nil
    }
}
