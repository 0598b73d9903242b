/// A request, with the bounds of its exchange.
public struct ClientRequest: Sendable {
    /// The connection that carries a request.
    public enum Connection: Sendable {
        /// A kept connection if there is one, else a new one. Kept for later requests.
        case shared
        /// A new connection, which the server cannot be closing yet. Kept for later requests.
        case new
        /// A new connection that is closed afterwards.
        case single
    }

    /// The method, for example `GET`.
    public var method: String
    /// An absolute http or https URL without a user name.
    public var url: String
    /// The header fields, without Host and those about the body's length.
    public var fields: [(name: String, value: String)]
    /// The body; nil for a request without one.
    public var body: [UInt8]?
    /// The connection that carries the request.
    public var connection = Connection.shared
    /// The address to connect to; nil to resolve the URL's host. The host name then serves only for the Host field and the certificate.
    public var address: String?
    /// Whether the request goes through the client's proxy, if it has one.
    public var usesProxy = true

    /// When the exchange ends at the latest.
    public var deadline: ContinuousClock.Instant
    /// The longest time to connect, from resolving the name to the end of the TLS handshake.
    public var connectTime: Duration = .seconds(10)
    /// The longest time without any bytes; nil for no limit but the deadline.
    public var stall: Duration?
    /// The most bytes of a body that are read.
    public var bodyLimit: Int

    /// A file with the only trusted certificates; nil for those of the system. For tests.
    var trusted: String?

    /// A request with the default connection and times.
    public init(
        _ method: String, _ url: String, fields: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        until deadline: ContinuousClock.Instant, bodyLimit: Int
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.deadline = deadline
        self.bodyLimit = bodyLimit
    }
}
