public import FoundationEssentials

/// A moment of wall-clock time, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Times are kept to the millisecond everywhere (in the store, in JSON, in rules), so that a time that went through the
/// store is the same time. Arithmetic never traps: what lies beyond the range of `Int64` is its end.
public struct Timestamp: Comparable, Hashable, Sendable {
    /// Milliseconds since the epoch.
    public let milliseconds: Int64

    /// 1970-01-01T00:00:00Z: before everything.
    public static let epoch = Timestamp(milliseconds: 0)

    /// A moment so many milliseconds after the epoch.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The moment `date` is in, its fraction of a millisecond cut off.
    public init(_ date: Date) {
        self.init(milliseconds: Int64(clamping: (date.timeIntervalSince1970 * 1000).rounded(.down)))
    }

    /// Reads an ISO 8601 date and time in UTC, with or without a fraction of a second; nil for anything else.
    public init?(iso8601 text: String) {
        let styles = [Date.ISO8601FormatStyle(includingFractionalSeconds: true), .init(includingFractionalSeconds: false)]
        guard let date = styles.lazy.compactMap({ try? $0.parse(text) }).first else { return nil }
        self.init(milliseconds: Int64(clamping: (date.timeIntervalSince1970 * 1000).rounded()))
    }

    /// The first and the last moment that are written as they are: the beginning of 1600, from when on every calendar of the formatter is the
    /// same, and the end of 9999, after which a year has more digits.
    private static let written: ClosedRange<Int64> = -11_676_096_000_000...253_402_300_799_999

    /// The moment as `2026-11-22T16:42:00.000Z`, the form in which Krea writes times. Before the year 1600 and after 9999 the nearest
    /// moment between them.
    public var iso8601: String {
        let written = min(max(milliseconds, Self.written.lowerBound), Self.written.upperBound)
        // The style cuts fractions off; half a millisecond more keeps 0.123 from becoming 0.122.
        let date = Date(timeIntervalSince1970: (Double(written) + 0.5) / 1000)
        return Date.ISO8601FormatStyle(includingFractionalSeconds: true).format(date)
    }

    /// Earlier moments come first.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment `duration` later, the fraction of a millisecond rounded up: a wait is never shortened.
    public static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds.addingSaturating(duration.millisecondsRoundedUp))
    }

    /// The moment `duration` earlier, the fraction of a millisecond rounded away from it.
    public static func - (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds.subtractingSaturating(duration.millisecondsRoundedUp))
    }

    /// How long after `earlier` this moment is; negative when it is before.
    public static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .milliseconds(later.milliseconds.subtractingSaturating(earlier.milliseconds))
    }
}

extension Timestamp: Codable {
    /// Reads milliseconds. Throws what the decoder throws.
    public init(from decoder: any Decoder) throws {
        self.init(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
    }

    /// Writes milliseconds. Throws what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}

extension Duration {
    /// Whole milliseconds, a fraction counted as one more; the nearest that `Int64` has.
    public var millisecondsRoundedUp: Int64 {
        let (seconds, attoseconds) = components
        let (whole, fraction) = attoseconds.quotientAndRemainder(dividingBy: 1_000_000_000_000_000)
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        return milliseconds.addingSaturating(whole + (fraction > 0 ? 1 : 0))
    }
}
