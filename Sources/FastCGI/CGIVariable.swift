/// The names of the CGI variables that a ``Responder`` is given (RFC 3875, section 4.1); all else is in the request or dropped.
public enum CGIVariable {
    /// Where the responder is mounted, decoded; what the web servers send differs.
    public static let scriptName = "SCRIPT_NAME"
    /// The address of the client.
    public static let remoteAddress = "REMOTE_ADDR"
    /// The user that the web server has authenticated.
    public static let remoteUser = "REMOTE_USER"
}
