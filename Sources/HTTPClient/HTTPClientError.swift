/// Why there is no whole answer. No text has anything of the request in it.
public enum HTTPClientError: Error, Hashable, Sendable {
    /// No byte of the request reached the other side: no such host, no connection, no TLS, or it could not be written down.
    case notSent(reason: String)
    /// The request, or a part of it, may have arrived; what came back, if anything, was not a whole answer.
    case noAnswer(reason: String)
    /// The answer has a longer body than ``ClientRequest/bodyLimit``.
    case tooLarge
}
