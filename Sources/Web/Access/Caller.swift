import HTTPTypes
public import Jobs

/// Finds the owner of a key; nil for an unknown key. Called for each request with a key.
public typealias KeyOwner = @Sendable (_ key: String) -> Client?

/// The sender of a request: the owner of a key, a user of the web server, or an address.
struct Caller {
    private let owner: Client?
    private let user: String
    private let address: String?
    /// Whether a key or the web server identifies the sender, and not only the address.
    let isKnown: Bool

    /// - Parameter owner: Nil where keys do not matter; then the `Authorization` header is ignored.
    /// - Throws: ``Refusal`` (401) for an unknown key, even if the web server names a user.
    init(_ request: HTTPRequest, user: String?, address: String?, owner: KeyOwner?) throws(Refusal) {
        self.user = user ?? ""
        self.address = address
        if let owner, let key = Self.key(request) {
            // An empty key is never valid, whatever the list of keys says.
            guard let key = key.text, !key.isEmpty, let known = owner(key) else { throw Refusal(.unknownKey) }
            self.owner = known
        } else {
            self.owner = nil
        }
        isKnown = self.owner != nil || !self.user.isEmpty
    }

    /// The owner of the jobs that the request creates and lists.
    var client: Client { owner ?? Client(user: user, address: address) }

    /// A key as it was sent.
    private struct ShownKey {
        /// Nil if it is not UTF-8; such a key matches none.
        let text: String?
    }

    /// The key after `Bearer` in any case (RFC 6750, section 2.1); nil for another scheme, which belongs to the web server.
    private static func key(_ request: HTTPRequest) -> ShownKey? {
        let words = (request.headerFields[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        guard words.first?.lowercased() == "bearer" else { return nil }
        let isText = request.headerFields[fields: .authorization].allSatisfy { field in
            field.withUnsafeBytesOfValue { String(validating: $0, as: UTF8.self) != nil }
        }
        return ShownKey(text: isText ? words.count > 1 ? String(words[1]).trimmingSpaces : "" : nil)
    }
}
