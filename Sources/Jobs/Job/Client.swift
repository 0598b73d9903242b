/// Who asked for a job: the owner of a key, a signed-in user of the web server, else a network address.
///
/// A list of jobs shows a client its own jobs only. What a user has asked for is for that user alone: ``Job/isOpen(to:)``. Clients are
/// told apart by the bytes of their names, see ``TextKey``.
public struct Client: Hashable, Sendable {
    /// `key:NAME`, `user:NAME`, `address:ADDRESS` or `signed`.
    public let key: String

    /// The client as it was kept.
    public init(key: String) {
        self.key = key
    }

    /// All who see pictures whose addresses the operator has signed. These jobs are never removed because of their age: a
    /// picture in an article must neither vanish nor be paid for again.
    public static let signed = Client(key: "signed")

    /// The owner of the keys with this name.
    public init(keyName: String) {
        self.init(key: "key:\(keyName)")
    }

    /// The client that a web server describes.
    ///
    /// - Parameters:
    ///   - user: The name under which the web server let it in (`REMOTE_USER`), if it asked for one.
    ///   - address: Where the request came from (`REMOTE_ADDR`); see ``NetworkAddress/holder`` for who that is. Everything that is no
    ///     address together is one client, `address:unknown`: what a web server says for a Unix socket, or what a visitor made up.
    public init(user: String?, address: String?) {
        if let user, !user.isEmpty {
            self.init(key: "user:\(user)")
        } else {
            self.init(key: "address:\(address.flatMap(NetworkAddress.init(remote:))?.holder ?? "unknown")")
        }
    }

    /// Whether the names are the same, byte by byte.
    public static func == (left: Client, right: Client) -> Bool { left.key.hasSameBytes(as: right.key) }

    /// Hashes the bytes of the name.
    public func hash(into hasher: inout Hasher) { TextKey(key).hash(into: &hasher) }

    /// Whether the web server has let it in as a user.
    public var isUser: Bool { key.hasPrefix("user:") }

    /// Whether `reader` may read this client's jobs, and change them, when it has their IDs.
    ///
    /// A user's jobs are for that user alone. All others are for every reader who has the ID: an address may be several people's or change, and a
    /// program hands IDs of its jobs on to its own users.
    public func jobsAreOpen(to reader: @autoclosure () -> Client) -> Bool { !isUser || self == reader() }
}
