/// What may still be spent today, for all clients together.
public struct Budget: Hashable, Sendable {
    /// What becomes of a submission by its price.
    public enum Verdict: Hashable, Sendable {
        /// There is money for it.
        case fits
        /// There will be, when the next day begins.
        case later(Timestamp)
        /// It costs more than may be spent in a day.
        case never
    }

    private let limits: DailyLimits
    private let spent: Money
    private let now: Timestamp

    /// What is left at `now` when `spent` is spent or committed.
    public init(_ limits: DailyLimits, spent: Money, now: Timestamp) {
        self.limits = limits
        self.spent = spent
        self.now = now
    }

    /// What becomes of all these submissions together.
    public func verdict(on submissions: [Submission]) -> Verdict {
        verdict(onPrice: submissions.reduce(.zero) { $0 + limits.price($1.price, of: $1.pictures) })
    }

    /// What becomes of a submission of `pictures` pictures for this price; nil when that is not known.
    public func verdict(on price: Money?, of pictures: Int) -> Verdict {
        verdict(onPrice: limits.price(price, of: pictures))
    }

    private func verdict(onPrice price: Money) -> Verdict {
        guard let limit = limits.spend else { return .fits }
        if price > limit { return .never }
        return spent + price > limit ? .later(now.nextDay) : .fits
    }
}

/// Whether a call that is due may be made.
public enum CallPermission: Hashable, Sendable {
    /// It has to be made now, with this body; only a submission has one.
    case granted(body: [String: JSONValue] = [:])
    /// Its submission has come to an end instead.
    case ended
    /// It has to wait until this moment, and so has everything behind it.
    case held(until: Timestamp)
}

extension Submission {
    /// Whether it certainly costs nothing: it has come to its end, and Krea never had it.
    public var isFree: Bool {
        switch state {
        case .failed, .cancelled: kreaID == nil && failure.map { !JobFailure.Code.withOpenPayment.contains($0.code) } ?? true
        case .waiting, .submitting, .unconfirmed, .running, .completed, .timedOut: false
        }
    }

    /// Whether it was paid on the day of `now`, or may have been.
    public func isSpent(onDayOf now: Timestamp) -> Bool { startedAt.map { $0 >= now.dayStart && $0 < now.nextDay } ?? false && !isFree }
}
