/// Times as other programs write them. What cannot be read for certain is nil, and so is a time that no answer can mean.
extension Timestamp {
    /// What an answer can mean: the years 2000 to 2099.
    private static let believed: Range<Int64> = 946_684_800_000..<4_102_444_800_000

    /// The time so many milliseconds after 1970; nil outside the years 2000 to 2099.
    public init?(believed milliseconds: Int64?) {
        guard let milliseconds, Self.believed.contains(milliseconds) else { return nil }
        self.init(milliseconds: milliseconds)
    }

    /// Reads a date and a time to the second at least in ISO 8601, with a T or a space between them, with a zone or, without one, in UTC.
    public init?(isoText text: String) {
        var reader = TimeReader(text)
        guard let moment = reader.moment else { return nil }
        self.init(believed: moment)
    }

    /// Reads a date in the form that HTTP prefers: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
    public init?(httpDate text: String) {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard text.utf8.count <= 64 else { return nil }
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else { return nil }
        self.init(isoText: "\(parts[3])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[1])T\(parts[4])Z")
    }

    /// Whether `text` is a date of HTTP in a year after those that an answer can mean.
    static func isFarAway(httpDate text: String) -> Bool {
        guard text.utf8.count <= 64, text.hasSuffix(" GMT") else { return false }
        let parts = text.split(separator: " ")
        return parts.count == 6 && parts[3].utf8.count >= 4 && parts[3].utf8.allSatisfy { (0x30...0x39).contains($0) } && parts[3] >= "2100"
    }
}
