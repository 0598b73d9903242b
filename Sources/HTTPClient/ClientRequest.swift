/// A request, and the bounds of its exchange.
public struct ClientRequest: Sendable {
    /// Which connection carries a request.
    public enum Connection: Sendable {
        /// One that an earlier request has left open, if there is one, else a new one; kept for later requests.
        case shared
        /// A new one, kept for later requests. No server can have begun to close it.
        case new
        /// A new one, closed afterwards.
        case single
    }

    /// `GET`, for example.
    public var method: String
    /// An absolute http or https URL without a user name.
    public var url: String
    /// The header fields besides Host and those about the body's length.
    public var fields: [(name: String, value: String)]
    /// The body; nil for a request without one.
    public var body: [UInt8]?
    /// Which connection carries it.
    public var connection = Connection.shared
    /// The address that the connection goes to in place of the URL's host, which then stands in the Host field and in the certificate only.
    public var address: String?
    /// Whether the client's proxy is used, if it has one.
    public var usesProxy = true

    /// When the exchange ends, finished or not.
    public var deadline: ContinuousClock.Instant
    /// How long a connection may take, from the name's resolution to the end of the TLS handshake.
    public var connectTime: Duration = .seconds(10)
    /// How long nothing may come; nil for as long as the deadline allows.
    public var stall: Duration?
    /// Bytes of the longest body that is read.
    public var bodyLimit: Int

    /// A file of the only certificates that are trusted; nil for those of the system. For tests.
    var trusted: String?

    /// A request.
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
