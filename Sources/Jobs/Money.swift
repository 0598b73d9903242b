/// An amount in US dollars, in whole millionths of one, so that sums are exact.
public struct Money: Hashable, Comparable, Sendable {
    /// Millionths of a dollar.
    public let millionths: Int64

    /// Nothing.
    public static let zero = Money(millionths: 0)

    /// An amount of so many millionths of a dollar.
    public init(millionths: Int64) {
        self.millionths = millionths
    }

    /// The least amount of whole millionths that is not below `usd`, which has to be from 0 to a million.
    public init(usd: Double) {
        // What a decimal fraction is more than itself as a Double is no reason to round up.
        self.init(millionths: Int64((usd * 1_000_000 - 0.001).rounded(.up)))
    }

    /// Less comes first.
    public static func < (left: Money, right: Money) -> Bool { left.millionths < right.millionths }
    /// The sum.
    public static func + (left: Money, right: Money) -> Money { Money(millionths: left.millionths + right.millionths) }
    /// So many times the amount.
    public static func * (amount: Money, times: Int) -> Money { Money(millionths: amount.millionths * Int64(times)) }
}
