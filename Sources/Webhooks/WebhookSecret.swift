import Digests
import FoundationEssentials
import Jobs

/// What messages are signed with (Standard Webhooks, "Signature scheme"): one secret, or several while one takes another's place. It is shown
/// nowhere.
///
/// Whoever prints it, or anything that holds it, as a log or a debugger does, prints "(hidden)".
public struct WebhookSecret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let keys: [HMACKey]

    /// How many secrets there may be at once.
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

    /// The three header fields of a message that is sent at `now`, with a signature for each secret: a receiver knows one of them.
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
