/// What may be asked for and spent in a day. A day is one in UTC.
public struct DailyLimits: Hashable, Sendable {
    /// Pictures that one client may ask for; nil for any number. Those at signed addresses are not counted: the operator has asked for each.
    public var pictures: Int?
    /// What may be paid to Krea for everybody together; nil for anything.
    public var spend: Money?
    /// What a picture counts whose price is not known.
    public var assumedPrice = Money(usd: 0.1)

    /// No limits.
    public init() {}

    /// Whether there are any.
    public var areSet: Bool { pictures != nil || spend != nil }

    /// What a submission of `pictures` pictures counts whose price is this; nil when that is not known.
    public func price(_ known: Money?, of pictures: Int) -> Money { known ?? assumedPrice * pictures }

    /// Whether `client` may ask for so many pictures more when it has asked for `asked` today.
    public func allow(_ more: Int, to client: Client, after asked: Int) -> Bool {
        client == .signed || pictures.map { asked.addingSaturating(more) <= $0 } ?? true
    }
}

extension Timestamp {
    private static let day: Int64 = 86_400_000

    /// The midnight (UTC) with which the day of this moment began.
    public var dayStart: Timestamp {
        Timestamp(milliseconds: milliseconds.subtractingSaturating((milliseconds % Self.day + Self.day) % Self.day))
    }

    /// The midnight with which the next day begins.
    public var nextDay: Timestamp { dayStart + .seconds(86_400) }
}

/// What a client has left of a day.
public struct Allowance: Hashable, Sendable {
    /// Pictures under a limit.
    public struct Pictures: Hashable, Sendable {
        /// How many may be asked for in a day.
        public let limit: Int
        /// How many are left of these.
        public let left: Int
    }

    /// The client's pictures; nil where there is no limit.
    public let pictures: Pictures?
    /// Whether what may be spent for everybody is spent, or will be by what waits.
    public let isMoneySpent: Bool
    /// When everything begins anew.
    public let endsAt: Timestamp

    /// What is left under `limits` at `now`.
    ///
    /// - Parameters:
    ///   - asked: The pictures that the client has asked for today, but for those that certainly cost nothing.
    ///   - spent: What was paid today, or may have been, with what those will take that wait.
    public init(_ limits: DailyLimits, asked: Int, spent: Money, now: Timestamp) {
        pictures = limits.pictures.map { Pictures(limit: $0, left: max(0, $0.subtractingSaturating(asked))) }
        isMoneySpent = limits.spend.map { spent >= $0 } ?? false
        endsAt = now.nextDay
    }
}
