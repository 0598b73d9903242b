/// Reads a date and a time from left to right. No text makes a number in it overflow.
struct TimeReader {
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
