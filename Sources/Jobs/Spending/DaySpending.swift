/// What was paid to Krea in a day, or may have been.
public struct DaySpending: Hashable, Sendable {
    /// The midnight (UTC) with which the day began.
    public let day: Timestamp
    /// The sum.
    public let spent: Money

    /// So much in the day that began at `day`.
    public init(day: Timestamp, spent: Money) {
        self.day = day
        self.spent = spent
    }

    /// A sentence when it is more than these limits allow, whatever they were then; nil when it is not.
    public func excess(over limits: DailyLimits) -> String? {
        guard let limit = limits.spend, spent > limit else { return nil }
        return "On \(day.iso8601.prefix(10)) \(spent) was spent, up to \(limit) is allowed in a day."
    }
}
