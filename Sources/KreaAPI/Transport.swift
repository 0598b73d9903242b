public import HTTPTypes

/// Carries a request to Krea and brings the answer back. Tests put their own in place of HTTP.
public protocol Transport: Sendable {
    /// Makes one exchange. Repeats nothing and follows no redirect.
    ///
    /// - Parameters:
    ///   - request: Scheme, authority and path are set.
    ///   - timeout: The longest time for the exchange, from the first packet to the last byte of the answer.
    /// - Returns: The answer, whatever its status, with a body of at most ``TransportError/answerLimit`` bytes.
    /// - Throws: ``TransportError``
    func exchange(_ request: HTTPRequest, body: [UInt8], timeout: Duration) async throws(TransportError) -> (HTTPResponse, [UInt8])
}

/// Why there is no answer.
public enum TransportError: Error, Hashable, Sendable {
    /// No byte of the request reached the other side: refused, no such host, no TLS.
    case notSent(reason: String)
    /// The request, or part of it, may have arrived, but no complete answer came back.
    case noAnswer(reason: String)
    /// The answer has more than ``answerLimit`` bytes.
    case tooLarge

    /// The most bytes of an answer that are read. Krea's answers have a few hundred, its document of the routes a quarter of this.
    public static let answerLimit = 1 << 20
}
