import FoundationEssentials

/// Converts milliseconds since 1970 to ISO 8601 in UTC with milliseconds, and back.
enum ISOTime {
    static func text(_ milliseconds: Int64) -> String {
        let (second, rest) = (milliseconds / 1000, milliseconds % 1000)
        let whole = Date(timeIntervalSince1970: Double(second)).formatted(.iso8601)
        return whole.dropLast() + "." + String(1000 + rest).dropFirst() + "Z"
    }

    /// Reads a time with or without a fraction of a second; nil for anything else.
    static func milliseconds(_ text: String) -> Int64? {
        let styles = [Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle()]
        let date = styles.lazy.compactMap { try? $0.parse(text) }.first
        return date.map { Int64(($0.timeIntervalSince1970 * 1000).rounded()) }
    }
}
