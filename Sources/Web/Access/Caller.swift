import HTTPTypes
public import Jobs

/// Says whose a key is; nil for a key that nobody has. Called for each request that shows one.
public typealias KeyOwner = @Sendable (_ key: String) -> Client?

/// Who sends a request, and who vouches for that.
struct Caller {
    private let owner: Client?
    private let user: String
    private let address: String?
    /// Whether a key or the web server says who it is, and not only where the request came from.
    let isKnown: Bool

    /// - Parameter owner: Nil where keys do not matter; then an `Authorization` header is not looked at.
    /// - Throws: ``Refusal`` (401) for a key that nobody has, whatever the web server says.
    init(_ request: HTTPRequest, user: String?, address: String?, owner: KeyOwner?) throws(Refusal) {
        self.user = user ?? ""
        self.address = address
        if let owner, let key = Self.key(request) {
            // Nothing is no key, whatever the list of keys says.
            guard let key = key.text, !key.isEmpty, let known = owner(key) else { throw .unknownKey }
            self.owner = known
        } else {
            self.owner = nil
        }
        isKnown = self.owner != nil || !self.user.isEmpty
    }

    /// Whose jobs the request makes and lists.
    var client: Client { owner ?? Client(user: user, address: address) }

    /// A key as it was shown.
    private struct ShownKey {
        /// Nil when it is not UTF-8: then no key is the same, and none that was made of it.
        let text: String?
    }

    /// What follows `Bearer` (RFC 6750, section 2.1), however that is written; nil for another scheme, which is the web server's.
    private static func key(_ request: HTTPRequest) -> ShownKey? {
        let words = (request.headerFields[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        guard words.first?.lowercased() == "bearer" else { return nil }
        let isText = request.headerFields[fields: .authorization].allSatisfy { field in
            field.withUnsafeBytesOfValue { String(validating: $0, as: UTF8.self) != nil }
        }
        return ShownKey(text: isText ? words.count > 1 ? String(words[1]).trimmingSpaces : "" : nil)
    }
}
