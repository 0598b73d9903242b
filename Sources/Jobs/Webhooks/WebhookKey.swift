/// The unguessable end of the address that Krea calls when a submission has come to its end.
///
/// 256 random bits, drawn for each paid call anew and derived from nothing. It is kept in the store as it is: who can read the store can
/// read everything that a webhook could tell. It prints as "(hidden)", also inside other values, as in a log or a debugger.
public struct WebhookKey: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The secret itself: 64 lowercase hexadecimal digits.
    public let secret: String

    /// Reads a key; nil for anything that is not 64 lowercase hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let letters = UInt8(ascii: "a")...UInt8(ascii: "f")
        guard text.utf8.count == 64, text.utf8.allSatisfy({ digits.contains($0) || letters.contains($0) }) else { return nil }
        secret = String(text)
    }

    /// A new random key.
    public static func random(using generator: inout some RandomNumberGenerator) -> WebhookKey {
        let words = (0..<4).map { _ in
            let digits = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return WebhookKey(unchecked: words.joined())
    }

    private init(unchecked secret: String) {
        self.secret = secret
    }

    /// Where Krea calls.
    ///
    /// - Parameter publicURL: Where the service is for the world: scheme, host and mount point, with no slash at the end.
    public func address(below publicURL: String) -> String { "\(publicURL)/api/webhooks/krea/\(secret)" }

    /// "(hidden)"
    public var description: String { "(hidden)" }
    /// "(hidden)"
    public var debugDescription: String { description }
    /// Nothing inside.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
