public import HTTPTypes

/// How a request gets to Krea and an answer back: the seam between what is said and what carries it.
public protocol Transport: Sendable {
    /// Makes one exchange, once: nothing is repeated and no redirect is followed.
    ///
    /// - Parameters:
    ///   - request: Scheme, authority and path are set.
    ///   - timeout: Bounds the whole exchange, from the first packet to the last byte of the answer.
    /// - Returns: The answer, whatever its status, with a body of at most ``TransportError/answerLimit`` bytes.
    /// - Throws: ``TransportError``
    func exchange(_ request: HTTPRequest, body: [UInt8], timeout: Duration) async throws(TransportError) -> (HTTPResponse, [UInt8])
}

/// Why there is no answer.
public enum TransportError: Error, Hashable, Sendable {
    /// No byte of the request reached the other side: refused, no such host, no TLS.
    case notSent(reason: String)
    /// The request, or a part of it, may have arrived; what came back, if anything, was not a whole answer.
    case noAnswer(reason: String)
    /// An answer of more than ``answerLimit`` bytes has begun to come.
    case tooLarge

    /// Bytes of the longest answer that is read; Krea's are a few hundred, its document of its routes has a quarter of it.
    public static let answerLimit = 1 << 20
}
