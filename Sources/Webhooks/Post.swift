public import HTTPClient
public import Jobs

/// Makes one POST. Tests put their own in place of HTTP.
public protocol Post: Sendable {
    /// Posts JSON to `url` at exactly this address. The host name serves only for the Host field and the certificate.
    ///
    /// - Returns: The status, or nil if no answer came by `deadline`. Nothing is repeated and no redirect is followed.
    func status(
        of body: [UInt8], to url: WebhookURL, at address: NetworkAddress, headers: [(name: String, value: String)],
        until deadline: ContinuousClock.Instant
    ) async -> Int?
}

/// Makes the POST over HTTP.
public struct HTTPPost: Post {
    private let client: HTTPClient
    private let userAgent: String

    /// Posts with `client`, under this User-Agent.
    public init(client: HTTPClient, userAgent: String) {
        self.client = client
        self.userAgent = userAgent
    }

    /// Makes one POST; see ``Post``. The answer's body is not read.
    public func status(
        of body: [UInt8], to url: WebhookURL, at address: NetworkAddress, headers: [(name: String, value: String)],
        until deadline: ContinuousClock.Instant
    ) async -> Int? {
        let fields = [("Content-Type", "application/json"), ("User-Agent", userAgent), ("Connection", "close")] + headers
        var request = ClientRequest("POST", url.text, fields: fields, body: body, until: deadline, bodyLimit: 0)
        request.connectTime = max(deadline - .now, .zero)
        request.connection = .single
        request.address = address.description
        // A proxy would resolve the name again.
        request.usesProxy = false
        return try? await client.open(request).status
    }
}
