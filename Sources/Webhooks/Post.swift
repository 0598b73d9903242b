public import HTTPClient
public import Jobs

/// Makes one exchange: the seam between what is sent and what carries it.
public protocol Post: Sendable {
    /// Posts JSON to `url`, at exactly this address: the name is for the Host field and the certificate only.
    ///
    /// - Returns: The status; nil when there was no answer until `deadline`. Nothing is repeated and no redirect is followed.
    func status(
        of body: [UInt8], to url: WebhookURL, at address: NetworkAddress, headers: [(name: String, value: String)],
        until deadline: ContinuousClock.Instant
    ) async -> Int?
}

/// The exchange over HTTP.
public struct HTTPPost: Post {
    private let client: HTTPClient
    private let userAgent: String

    /// Posts with `client` under this name.
    public init(client: HTTPClient, userAgent: String) {
        self.client = client
        self.userAgent = userAgent
    }

    /// Makes one exchange; see ``Post``. What the answer says is not read.
    public func status(
        of body: [UInt8], to url: WebhookURL, at address: NetworkAddress, headers: [(name: String, value: String)],
        until deadline: ContinuousClock.Instant
    ) async -> Int? {
        let fields = [("Content-Type", "application/json"), ("User-Agent", userAgent), ("Connection", "close")] + headers
        var request = ClientRequest("POST", url.text, fields: fields, body: body, until: deadline, bodyLimit: 0)
        request.connectTime = max(deadline - .now, .zero)
        request.connection = .single
        request.address = address.description
        // A proxy would look the name up anew.
        request.usesProxy = false
        return try? await client.open(request).status
    }
}
