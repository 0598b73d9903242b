import Glibc

/// Who asked for a job: the owner of a key, a signed-in user of the web server, else a network address.
///
/// A list of jobs shows a client its own jobs only. What a user has asked for is nobody else's business: ``Job/isOpen(to:)``.
public struct Client: Hashable, Sendable {
    /// `key:NAME`, `user:NAME`, `address:ADDRESS` or `signed`.
    public let key: String

    /// The client as it was kept.
    public init(key: String) {
        self.key = key
    }

    /// Everybody who looks at pictures whose addresses the operator has signed. These jobs are never removed because of their age: a
    /// picture in an article shall neither vanish nor be paid for again.
    public static let signed = Client(key: "signed")

    /// The owner of the keys with this name.
    public init(keyName: String) {
        self.init(key: "key:\(keyName)")
    }

    /// The client that a web server describes.
    ///
    /// - Parameters:
    ///   - user: The name under which the web server let it in (`REMOTE_USER`), if it asked for one.
    ///   - address: Where the request came from (`REMOTE_ADDR`). An IPv6 address is cut to its /64, which is what one
    ///     household or one host has to itself.
    public init(user: String?, address: String?) {
        if let user, !user.isEmpty {
            self.init(key: "user:\(user)")
        } else {
            self.init(key: "address:\(address.map(Self.network) ?? "unknown")")
        }
    }

    /// Whether the web server has let it in as a user.
    public var isUser: Bool { key.hasPrefix("user:") }

    /// Whether `reader` may read this client's jobs, and change them, when it has their IDs.
    ///
    /// A user's jobs are for that user alone. All others are for whoever has the ID: an address may be several people's or change, and a
    /// program hands IDs of its jobs on to its own users.
    public func jobsAreOpen(to reader: @autoclosure () -> Client) -> Bool { !isUser || self == reader() }

    private static func network(of address: String) -> String {
        var bytes = in6_addr()
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        withUnsafeMutableBytes(of: &bytes) { bytes in
            for index in 8..<16 { bytes[index] = 0 }
        }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, &bytes, &text, socklen_t(text.count)) != nil else { return address }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) + "/64"
    }
}
