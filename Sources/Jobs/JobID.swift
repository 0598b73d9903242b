/// The name of a job: a random UUID, given before Krea has heard of the job.
///
/// Whoever has the ID may read the job, so it carries 122 random bits and is never derived from anything.
public struct JobID: Hashable, Sendable, CustomStringConvertible {
    /// Lowercase, 36 characters: `xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx`.
    public let description: String

    /// The name of no job: the nil UUID (RFC 9562, section 5.9).
    public static let none = JobID(unchecked: "00000000-0000-0000-0000-000000000000")

    /// Reads a UUID in its 36-character form, in either case; nil for anything else.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 36 else { return nil }
        for (index, byte) in text.utf8.enumerated() {
            switch index {
            case 8, 13, 18, 23:
                guard byte == UInt8(ascii: "-") else { return nil }
            default:
                guard Character(UnicodeScalar(byte)).isHexDigit else { return nil }
            }
        }
        description = text.lowercased()
    }

    /// A new random ID: UUID version 4 (RFC 9562, section 5.4).
    public static func random(using generator: inout some RandomNumberGenerator) -> JobID {
        let high = generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let digits = [high, low].map { word in
            let text = String(word, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
        var groups: [Substring] = []
        var rest = digits[...]
        for length in [8, 4, 4, 4, 12] {
            groups.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return JobID(unchecked: groups.joined(separator: "-"))
    }

    private init(unchecked text: String) {
        description = text
    }
}
