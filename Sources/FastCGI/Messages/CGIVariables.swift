/// What a web server says besides the HTTP request (RFC 3875, section 4.1), as far as it is sent and not empty; all else is in the request
/// or dropped.
public struct CGIVariables: Equatable, Sendable {
    /// `SCRIPT_NAME`: where the responder is mounted, decoded; what the web servers send differs.
    public var scriptName: String?
    /// `REMOTE_ADDR`: the address of the client.
    public var remoteAddress: String?
    /// `REMOTE_USER`: the user that the web server has authenticated.
    public var remoteUser: String?

    /// No variable was sent.
    public init() {}
}
