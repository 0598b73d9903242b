public import FoundationEssentials

/// A moment of wall-clock time, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Times are kept to the millisecond everywhere (in the store, in JSON, in rules), so that a time that went through the
/// store is the same time.
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
        self.init(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded(.down)))
    }

    /// Reads an ISO 8601 date and time in UTC, with or without a fraction of a second; nil for anything else.
    public init?(iso8601 text: String) {
        let styles = [Date.ISO8601FormatStyle(includingFractionalSeconds: true), .init(includingFractionalSeconds: false)]
        guard let date = styles.lazy.compactMap({ try? $0.parse(text) }).first else { return nil }
        self.init(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded()))
    }

    /// The moment as `2026-11-22T16:42:00.000Z`, the form in which Krea writes times.
    public var iso8601: String {
        // The style cuts fractions off; half a millisecond more keeps 0.123 from becoming 0.122.
        let date = Date(timeIntervalSince1970: (Double(milliseconds) + 0.5) / 1000)
        return Date.ISO8601FormatStyle(includingFractionalSeconds: true).format(date)
    }

    /// Earlier moments come first.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment `duration` later, the fraction of a millisecond rounded up: a wait is never shortened.
    public static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds + duration.millisecondsRoundedUp)
    }

    /// The moment `duration` earlier, the fraction of a millisecond rounded away from it.
    public static func - (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds - duration.millisecondsRoundedUp)
    }

    /// How long after `earlier` this moment is; negative when it is before.
    public static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .milliseconds(later.milliseconds - earlier.milliseconds)
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
    /// Whole milliseconds, a fraction counted as one more.
    public var millisecondsRoundedUp: Int64 {
        let (seconds, attoseconds) = components
        let (whole, fraction) = attoseconds.quotientAndRemainder(dividingBy: 1_000_000_000_000_000)
        return seconds * 1000 + whole + (fraction > 0 ? 1 : 0)
    }
}
