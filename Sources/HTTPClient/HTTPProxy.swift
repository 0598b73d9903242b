/// An HTTP proxy. Requests for https use CONNECT.
public struct HTTPProxy: Sendable {
    /// A name or an address; IPv6 without brackets.
    public let host: String
    /// The port, 1 to 65535.
    public let port: Int
    /// The user name and password, if the proxy wants them.
    public let credentials: (user: String, password: String)?

    /// A proxy, without credentials unless given.
    public init(host: String, port: Int, credentials: (user: String, password: String)? = nil) {
        self.host = host
        self.port = port
        self.credentials = credentials
    }

    var url: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}
