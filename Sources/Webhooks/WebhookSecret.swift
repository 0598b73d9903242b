import Digests
import FoundationEssentials
import Jobs

/// The secret that signs messages (Standard Webhooks, "Signature scheme"), or several while one replaces another.
///
/// Printing it, or anything that holds it, prints "(hidden)".
public struct WebhookSecret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let keys: [HMACKey]

    /// The most secrets at once.
    public static let mostKeys = 4

    /// Reads secrets separated by spaces or commas, each `whsec_` and the base64 of 24 to 64 bytes; nil for anything else.
    public init?(_ text: String) {
        let secrets = text.split { $0.isWhitespace || $0 == "," }
        let keys = secrets.compactMap(Self.key)
        guard (1...Self.mostKeys).contains(secrets.count), keys.count == secrets.count else { return nil }
        self.keys = keys
    }

    private static func key(_ secret: Substring) -> HMACKey? {
        guard secret.hasPrefix("whsec_"), let bytes = Data(base64Encoded: String(secret.dropFirst(6))), (24...64).contains(bytes.count)
        else { return nil }
        return HMACKey(bytes)
    }

    /// The three header fields of a message sent at `now`, with one signature for each secret, because a receiver may know only one.
    func headers(of message: WebhookMessage, at now: Timestamp) -> [(name: String, value: String)] {
        let seconds = String(now.milliseconds / 1000)
        let signed = Array("\(message.id).\(seconds).".utf8) + message.body
        let signatures = keys.map { "v1,\(Data($0.code(of: signed)).base64EncodedString())" }
        return [("webhook-id", message.id), ("webhook-timestamp", seconds), ("webhook-signature", signatures.joined(separator: " "))]
    }

    /// "(hidden)"
    public var description: String { "(hidden)" }
    /// "(hidden)"
    public var debugDescription: String { description }
    /// Nothing inside.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
