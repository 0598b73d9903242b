/// What an audit remembers of the calls that it has read.
extension Audit {
    /// What is remembered of a call.
    struct Ended {
        let id: Int64
        let startedAt: Timestamp
        let endedAt: Timestamp?
        let isRateLimited: Bool

        init(_ call: Call) {
            id = call.id
            startedAt = call.startedAt
            endedAt = call.endedAt
            isRateLimited = call.outcome == Call.rateLimited
        }

        /// When it had ended for certain.
        func latestEnd(_ rules: PaceRules) -> Timestamp { endedAt ?? startedAt + rules.requestTimeout }

        /// Whichever of the two ended later.
        func later(than other: Ended?, _ rules: PaceRules) -> Ended {
            if let other, other.latestEnd(rules) > latestEnd(rules) { other } else { self }
        }
    }

    /// A submission whose answer is not known.
    struct Doubt {
        let id: Int64
        /// From when on a list can prove that it never arrived.
        let provableFrom: Timestamp
    }

    /// One submission of a job.
    struct Subject: Hashable, CustomStringConvertible {
        let job: JobID
        let part: Int

        init(_ call: Call) {
            job = call.job
            part = call.part
        }

        var description: String { part == 1 ? "job \(job)" : "job \(job), part \(part)" }
    }

    /// What is remembered of a submission.
    struct History {
        var accepted: Int64?
        var doubt: Doubt?
        var poll: Ended?
        var look = 0
        var polls = 0
        /// When the latest call about it began.
        var latestStart = Timestamp.epoch
    }
}
