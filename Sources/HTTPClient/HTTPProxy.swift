/// An HTTP proxy: https goes through it by CONNECT.
public struct HTTPProxy: Sendable {
    /// A name or an address, an IPv6 address without brackets.
    public let host: String
    /// 1 to 65535.
    public let port: Int
    /// A user's name and password, if the proxy wants them.
    public let credentials: (user: String, password: String)?

    /// A proxy.
    public init(host: String, port: Int, credentials: (user: String, password: String)? = nil) {
        self.host = host
        self.port = port
        self.credentials = credentials
    }

    var url: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}
