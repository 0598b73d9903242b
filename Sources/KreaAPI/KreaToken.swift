/// The API token of the Krea account, which pays. It goes only into one header field of each call.
///
/// Printing it, or anything that holds it, prints "(hidden)", in a log and in a debugger too.
public struct KreaToken: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The token's text.
    let secret: String

    /// A token; nil if it is empty or has characters that a header field cannot carry (RFC 9110, section 5.5).
    public init?(_ secret: String) {
        guard !secret.isEmpty, secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        self.secret = secret
    }

    /// What is probably wrong with the token, in words that follow its name; nil if nothing is.
    public var fault: String? {
        if "\"'`".contains(secret.prefix(1)) || "\"'`".contains(secret.suffix(1)) {
            return "stands in quotes, which are not a part of a token"
        }
        if secret.lowercased().hasPrefix("bearer") { return "begins with Bearer, which is not a part of a token" }
        if secret.hasPrefix("$") || secret.hasPrefix("<") { return "looks like a place for a token and not like one" }
        return nil
    }

    /// "(hidden)"
    public var description: String { "(hidden)" }
    /// "(hidden)"
    public var debugDescription: String { description }
    /// Nothing inside.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
