/// The secret that pays. It goes into one header field of each call, and is shown nowhere.
///
/// Whoever prints it, or anything that holds it, as a log or a debugger does, prints "(hidden)".
public struct KreaToken: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The secret itself.
    let secret: String

    /// A token; nil when it has characters that no header field can carry (RFC 9110, section 5.5) or is empty.
    public init?(_ secret: String) {
        guard !secret.isEmpty, secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        self.secret = secret
    }

    /// What is probably wrong with it, in words that follow its name; nil when nothing strikes the eye.
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
