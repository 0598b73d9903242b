/// The name of a job: a UUID, given before Krea has heard of the job.
///
/// Whoever has the ID may read the job, so it carries 122 bits that nobody can guess: random ones, or those of a hash with a secret key.
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

    /// The ID that belongs to a hash with a secret key: UUID version 8 (RFC 9562, section 5.8), of its first 16 bytes, which must be there.
    public init(hash: [UInt8]) {
        var bytes = Array(hash[..<16])
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        func hex(_ range: Range<Int>) -> String {
            bytes[range].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        self.init(unchecked: [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map(hex).joined(separator: "-"))
    }

    private init(unchecked text: String) {
        description = text
    }
}
