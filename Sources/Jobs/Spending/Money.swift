/// An amount in US dollars, in whole millionths of one, so that sums are exact.
public struct Money: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Millionths of a dollar.
    public let millionths: Int64

    /// Nothing.
    public static let zero = Money(millionths: 0)

    /// An amount of so many millionths of a dollar.
    public init(millionths: Int64) {
        self.millionths = millionths
    }

    /// The least amount of whole millionths that is not below `usd`; the nearest that there is.
    public init(usd: Double) {
        // What a decimal fraction is more than itself as a Double is no reason to round up.
        self.init(millionths: Int64(clamping: (usd * 1_000_000 - 0.001).rounded(.up)))
    }

    /// In dollars, with two digits of cents at least and as many more as there are: `$0.50`, `$0.1575`.
    public var description: String {
        let digits = String(1_000_000 + millionths.magnitude % 1_000_000).dropFirst()
        let cents = digits.prefix(2) + digits.dropFirst(2).reversed().drop { $0 == "0" }.reversed()
        return "\(millionths < 0 ? "-" : "")$\(millionths.magnitude / 1_000_000).\(cents)"
    }

    /// The amount in dollars, for numbers in which the last digit does not matter.
    public var usd: Double { Double(millionths) / 1_000_000 }

    /// Less comes first.
    public static func < (left: Money, right: Money) -> Bool { left.millionths < right.millionths }
    /// The sum. What lies beyond the range of `Int64` is its end, here and in a product.
    public static func + (left: Money, right: Money) -> Money { Money(millionths: left.millionths.addingSaturating(right.millionths)) }
    /// So many times the amount.
    public static func * (amount: Money, times: Int) -> Money {
        Money(millionths: amount.millionths.multipliedSaturating(by: Int64(times)))
    }
}
