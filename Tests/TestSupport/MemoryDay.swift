import Jobs

/// What was asked for and spent in a day.
extension MemoryContents {
    func allowance(of client: Client, _ limits: DailyLimits, at now: Timestamp) -> Allowance {
        Allowance(limits, asked: asked(by: client, at: now), spent: bound(limits, at: now), now: now)
    }

    func exceeded(by job: Job, _ limits: DailyLimits) -> Acceptance? {
        let now = job.createdAt
        let pictures = job.submissions.map(\.pictures).reduce(0, +)
        guard limits.allow(pictures, to: job.client, after: asked(by: job.client, at: now)) else {
            return .dailyLimit(allowance(of: job.client, limits, at: now))
        }
        return switch Budget(limits, spent: bound(limits, at: now), now: now).verdict(on: job.submissions) {
        case .fits: nil
        case .later(let moment): .spendLimit(until: moment)
        case .never: .spendLimit(until: nil)
        }
    }

    func spent(_ limits: DailyLimits, at now: Timestamp) -> Money {
        sum(limits) { $0.isSpent(onDayOf: now) }
    }

    private func bound(_ limits: DailyLimits, at now: Timestamp) -> Money {
        spent(limits, at: now) + sum(limits) { $0.state == .waiting }
    }

    private func asked(by client: Client, at now: Timestamp) -> Int {
        jobs.filter { $0.client == client && $0.createdAt >= now.dayStart && $0.createdAt < now.nextDay }.flatMap(\.submissions).filter {
            !$0.isFree
        }.map(\.pictures)
            .reduce(0, +)
    }

    private func sum(_ limits: DailyLimits, _ counts: (Submission) -> Bool) -> Money {
        jobs.flatMap(\.submissions).filter(counts).reduce(.zero) { $0 + limits.price($1.price, of: $1.pictures) }
    }
}
