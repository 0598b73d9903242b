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
            isRateLimited = call.outcome == .rateLimited
        }

        /// When it had ended for certain.
        func latestEnd(_ rules: PaceRules) -> Timestamp { endedAt ?? startedAt + rules.requestTimeout }

        /// The one that ended later.
        func later(than other: Ended?, _ rules: PaceRules) -> Ended {
            if let other, other.latestEnd(rules) > latestEnd(rules) { other } else { self }
        }
    }

    /// A reading of the list that goes on with the next page.
    struct Reading {
        let epoch: Int
        /// When its first page was asked for.
        let startedAt: Timestamp
    }

    /// A submission whose answer is not known.
    struct Doubt {
        let id: Int64
        /// From when on a list can prove that it never arrived.
        let provableFrom: Timestamp
    }

    /// What became of the attempts to make a submission.
    struct Losses {
        /// How many were lost, or have no end.
        var count = 0
        /// How many count against it for certain; see ``Pace/countsAgainst(firstLostAt:)``.
        var strikes = 0
        /// How many submissions Krea had taken when the first was lost.
        var takenBefore = 0
        /// How many had been lost at their first attempt, ever, when the latest was lost, if it can count; nil when it cannot.
        var freshAtLatest: Int?

        /// It is sent again. What was lost before had been proved absent then, and counts if nothing speaks for an outage, before or after.
        mutating func settle(_ seen: Seen) {
            guard count > 0 else { return }
            if count == 1 { strikes = 1 } else if freshAtLatest == seen.freshLosses { strikes += 1 }
            freshAtLatest = nil
        }

        mutating func note(_ outcome: CallOutcome?, _ seen: inout Seen) {
            switch outcome {
            case .accepted:
                seen.taken += 1
                seen.freshSinceTaken = 0
            case .lost, nil:
                count += 1
                if count == 1 {
                    takenBefore = seen.taken
                    seen.freshLosses += 1
                    seen.freshSinceTaken += 1
                } else if outcome != nil, seen.freshSinceTaken == 0, seen.taken > takenBefore {
                    freshAtLatest = seen.freshLosses
                }
            default: break
            }
        }
    }

    /// What became of all submissions together.
    struct Seen {
        /// How many Krea has taken.
        var taken = 0
        /// How many were lost at their first attempt, ever, and since Krea has taken one.
        var freshLosses = 0
        var freshSinceTaken = 0
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
        var losses = Losses()
        var poll: Ended?
        var pollRound = 0
        var polls = 0
        /// When the latest call about it began.
        var latestStart = Timestamp.epoch
    }
}
