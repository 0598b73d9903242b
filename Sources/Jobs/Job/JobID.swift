/// The name of a job: a UUID, given before Krea has heard of the job.
///
/// The ID alone lets a reader see the job, so it carries 122 bits that cannot be guessed: random ones, or those of a hash with a secret key.
public struct JobID: Hashable, Sendable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    /// The name of no job: the nil UUID (RFC 9562, section 5.9).
    public static let none = JobID(high: 0, low: 0)

    /// Reads a UUID in its 36-character form, in either case; nil for anything else.
    public init?(_ text: some StringProtocol) {
        // Not generic any more, and so not slow in another module.
        var text = String(text)
        guard let words = text.withUTF8(Self.words) else { return nil }
        (high, low) = words
    }

    private static func words(of text: UnsafeBufferPointer<UInt8>) -> (high: UInt64, low: UInt64)? {
        guard text.count == 36 else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for index in 0..<36 {
            if isDash(index) {
                guard text[index] == UInt8(ascii: "-") else { return nil }
            } else {
                guard let digit = value(ofDigit: text[index]) else { return nil }
                (high, low) = (high << 4 | low >> 60, low << 4 | digit)
            }
        }
        return (high, low)
    }

    /// A new random ID: UUID version 4 (RFC 9562, section 5.4).
    public static func random(using generator: inout some RandomNumberGenerator) -> JobID {
        JobID(
            high: generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000,
            low: generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
    }

    /// The ID that belongs to a hash with a secret key: UUID version 8 (RFC 9562, section 5.8), of its first 16 bytes, which must be there.
    public init(hash: [UInt8]) {
        let word = { (bytes: ArraySlice<UInt8>) in bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        self.init(
            high: word(hash[..<8]) & 0xFFFF_FFFF_FFFF_0FFF | 0x8000,
            low: word(hash[8..<16]) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
    }

    /// Lowercase, 36 characters: `xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx`.
    public var description: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var (high, low) = (high, low)
            for index in 0..<36 {
                if Self.isDash(index) {
                    buffer[index] = UInt8(ascii: "-")
                } else {
                    let digit = UInt8(high >> 60)
                    buffer[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
                    (high, low) = (high << 4 | low >> 60, low << 4)
                }
            }
            return 36
        }
    }

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    private static func isDash(_ index: Int) -> Bool { index == 8 || index == 13 || index == 18 || index == 23 }

    private static func value(ofDigit byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
