/// Why there is no complete answer. No text contains anything from the request.
public enum HTTPClientError: Error, Hashable, Sendable {
    /// No byte of the request reached the other side: no such host, no connection, no TLS, or a malformed request.
    case notSent(reason: String)
    /// The request, or part of it, may have arrived, but no complete answer came back.
    case noAnswer(reason: String)
    /// The answer's body exceeds ``ClientRequest/bodyLimit``.
    case tooLarge
}
