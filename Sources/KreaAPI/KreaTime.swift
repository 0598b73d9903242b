import Jobs

extension Timestamp {
    /// What an answer can mean: the years 2000 to 2099.
    private static let believed: Range<Int64> = 946_684_800_000..<4_102_444_800_000

    private init?(believed milliseconds: Int64?) {
        guard let milliseconds, Self.believed.contains(milliseconds) else { return nil }
        self.init(milliseconds: milliseconds)
    }

    /// Reads a time as Krea gives it, or might; nil for what cannot be read for certain.
    ///
    /// That is a date and a time to the second at least in ISO 8601, with a T or a space between them, with a zone or, without one, in UTC;
    /// the date of HTTP; or the seconds or milliseconds since 1970, as a number or a text.
    init?(krea value: JSONValue?) {
        switch value {
        case .number(let number): self.init(sinceEpoch: number)
        case .string(let text):
            guard text.utf8.count <= 64 else { return nil }
            if let number = Double(text) {
                self.init(sinceEpoch: number)
            } else if let moment = Timestamp(isoText: text) ?? Timestamp(httpDate: text) {
                self = moment
            } else {
                return nil
            }
        case .null, .bool, .array, .object, nil: return nil
        }
    }

    /// Reads seconds or milliseconds: no number that is believed can be both.
    private init?(sinceEpoch number: Double) {
        let seconds = Int64(exactly: (number * 1000).rounded(.down))
        let milliseconds = Int64(exactly: number.rounded(.down))
        guard let moment = Timestamp(believed: seconds) ?? Timestamp(believed: milliseconds) else { return nil }
        self = moment
    }

    /// Whether `text` is a date of HTTP in a year after those that an answer can mean.
    static func isFarAway(httpDate text: String) -> Bool {
        guard text.utf8.count <= 64, text.hasSuffix(" GMT") else { return false }
        let parts = text.split(separator: " ")
        return parts.count == 6 && parts[3].utf8.count >= 4 && parts[3].utf8.allSatisfy { (0x30...0x39).contains($0) } && parts[3] >= "2100"
    }

    /// Reads a date in the form that HTTP prefers: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
    init?(httpDate text: String) {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard text.utf8.count <= 64 else { return nil }
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else { return nil }
        self.init(isoText: "\(parts[3])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[1])T\(parts[4])Z")
    }

    private init?(isoText text: String) {
        var reader = TimeReader(text)
        guard let moment = reader.moment else { return nil }
        self.init(believed: moment)
    }
}

/// Reads a date and a time from left to right. No text makes a number in it overflow.
private struct TimeReader {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = Substring(text).utf8
    }

    /// Milliseconds since 1970; nil when it is no such text, or more than that.
    var moment: Int64? {
        mutating get {
            guard let year = digits(4), skip("-"), let month = digits(2), skip("-"), let day = digits(2),
                skip("T") || skip("t") || skip(" "),
                let hour = digits(2), skip(":"), let minute = digits(2), skip(":"), let second = digits(2)
            else { return nil }
            guard (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day), hour < 24, minute < 60, second <= 60
            else { return nil }
            guard let milliseconds = fraction, let zone = zoneMinutes, rest.isEmpty else { return nil }
            let minutes = (Self.day(year, month, day) * 24 + hour) * 60 + minute - zone
            return (minutes * 60 + second) * 1000 + milliseconds
        }
    }

    /// The whole milliseconds of a fraction, cut off; 0 when there is none.
    private var fraction: Int64? {
        mutating get {
            guard skip(".") || skip(",") else { return 0 }
            let places = rest.prefix { (0x30...0x39).contains($0) }
            guard !places.isEmpty else { return nil }
            rest = rest.dropFirst(places.count)
            let three = Array(places.prefix(3)) + Array(repeating: 0x30, count: max(0, 3 - places.count))
            return three.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }
    }

    /// Minutes that a zone is before UTC; 0 where none is given.
    private var zoneMinutes: Int64? {
        mutating get {
            _ = skip(" ")
            if rest.isEmpty || skip("Z") || skip("z") || skip("UTC") || skip("GMT") { return 0 }
            let isBehind = skip("-")
            guard isBehind || skip("+"), let hours = digits(2) else { return nil }
            let hasColon = skip(":")
            guard let minutes = digits(2) ?? (hasColon ? nil : 0), hours <= 18, minutes < 60 else { return nil }
            return (hours * 60 + minutes) * (isBehind ? -1 : 1)
        }
    }

    private mutating func digits(_ count: Int) -> Int64? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest = rest.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private mutating func skip(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The number of a day of the Gregorian calendar, counted from 1970-01-01, in years that begin with March.
    private static func day(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month > 2 ? year : year - 1
        let month = (month + 9) % 12
        return year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 719_469
    }
}
