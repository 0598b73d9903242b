import Crypto
import FoundationEssentials
import Jobs

/// The secret with which messages are signed (Standard Webhooks, "Signature scheme"). It is shown nowhere.
///
/// Whoever prints it, or anything that holds it, as a log or a debugger does, prints "(hidden)".
public struct WebhookSecret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let key: SymmetricKey

    /// Reads `whsec_` and the base64 of 24 to 64 bytes; nil for anything else.
    public init?(_ text: String) {
        guard text.hasPrefix("whsec_"), let bytes = Data(base64Encoded: String(text.dropFirst(6))), (24...64).contains(bytes.count)
        else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// The three header fields of a message that is sent at `now`.
    func headers(of message: WebhookMessage, at now: Timestamp) -> [(name: String, value: String)] {
        let seconds = String(now.milliseconds / 1000)
        let signed = Data("\(message.id).\(seconds).".utf8) + message.body
        let signature = Data(HMAC<SHA256>.authenticationCode(for: signed, using: key)).base64EncodedString()
        return [("webhook-id", message.id), ("webhook-timestamp", seconds), ("webhook-signature", "v1,\(signature)")]
    }

    /// "(hidden)"
    public var description: String { "(hidden)" }
    /// "(hidden)"
    public var debugDescription: String { description }
    /// Nothing inside.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
