public import Jobs

/// What was asked for and spent in a day; see `DailyLimits`.
extension SQLiteStore {
    /// What a client has left today.
    public func allowance(of client: Client, at now: Timestamp) throws -> Allowance {
        try read { try allowance(of: client, at: now, $0) }
    }

    /// What was paid to Krea, or may have been, on each day whose jobs are kept, the earliest first; days with nothing are left out.
    public func spending() throws -> [DaySpending] {
        let sql = """
            SELECT started_at / 86400000 * 86400000 AS day, sum(\(Self.price)) AS spent FROM submissions
            WHERE started_at IS NOT NULL AND NOT (\(Self.isFree)) GROUP BY day ORDER BY day
            """
        return try read { database in
            try database.all(sql, [limits.daily.assumedPrice.millionths]) {
                DaySpending(day: $0.knownTime(), spent: Money(millionths: $0.next()))
            }
        }
    }

    /// Why the limits of the day do not let a new job be kept; nil when they do.
    func exceeded(by job: Job, _ database: Database) throws -> Acceptance? {
        let (daily, now) = (limits.daily, job.createdAt)
        if daily.pictures != nil {
            let asked = try asked(by: job.client, at: now, database)
            guard daily.allow(job.submissions.reduce(0) { $0 + $1.pictures }, to: job.client, after: asked) else {
                return .dailyLimit(try allowance(of: job.client, at: now, database))
            }
        }
        guard daily.spend != nil else { return nil }
        let budget = Budget(daily, spent: try spent(at: now, database) + waiting(database), now: now)
        return switch budget.verdict(on: job.submissions) {
        case .fits: nil
        case .later(let moment): .spendLimit(until: moment)
        case .never: .spendLimit(until: nil)
        }
    }

    /// What may still be spent today by what is next in line; nil for anything.
    func budget(at now: Timestamp, _ database: Database) throws -> Budget? {
        limits.daily.spend == nil ? nil : Budget(limits.daily, spent: try spent(at: now, database), now: now)
    }

    private func allowance(of client: Client, at now: Timestamp, _ database: Database) throws -> Allowance {
        let daily = limits.daily
        let asked = daily.pictures == nil ? 0 : try asked(by: client, at: now, database)
        let spent = daily.spend == nil ? .zero : try spent(at: now, database) + waiting(database)
        return Allowance(daily, asked: asked, spent: spent, now: now)
    }

    /// What a submission counts. What Krea has of several pictures in one job counts for each.
    private static let price = "ifnull(price, ? * pictures)"

    private static let openPayment = JobFailure.Code.withOpenPayment.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")

    /// The same as ``Submission/isFree``.
    private static let isFree = """
        state IN ('failed', 'cancelled') AND krea_id IS NULL
            AND ifnull(failure_code, '') NOT IN (\(openPayment))
        """

    /// How many pictures a client has asked for today.
    private func asked(by client: Client, at now: Timestamp, _ database: Database) throws -> Int {
        // From the newest back to the first of yesterday's: what a client has asked for in a month is not looked at.
        let earlier = "SELECT seq FROM jobs WHERE client = ? AND created_at < ? ORDER BY seq DESC LIMIT 1"
        let sql = """
            SELECT ifnull(sum(pictures), 0) FROM submissions
            WHERE job IN (SELECT seq FROM jobs WHERE client = ? AND seq > ifnull((\(earlier)), 0) AND created_at < ?)
                AND NOT (\(Self.isFree))
            """
        return try Int.first(
            database, sql, [client.key, client.key, now.dayStart.milliseconds, now.nextDay.milliseconds]) ?? 0
    }

    /// What was paid today, or may have been.
    func spent(at now: Timestamp, _ database: Database) throws -> Money {
        let today: [any ColumnConvertible] = [now.dayStart.milliseconds, now.nextDay.milliseconds]
        return try sum(where: "started_at >= ? AND started_at < ? AND NOT (\(Self.isFree))", today, database)
    }

    /// What will have to be paid for what waits.
    private func waiting(_ database: Database) throws -> Money {
        try sum(where: "state = 'waiting'", [], database)
    }

    private func sum(where condition: String, _ arguments: [any ColumnConvertible], _ database: Database) throws -> Money {
        let sql = "SELECT ifnull(sum(\(Self.price)), 0) FROM submissions WHERE \(condition)"
        return Money(
            millionths: try Int64.first(database, sql, [limits.daily.assumedPrice.millionths] + arguments) ?? 0)
    }
}
