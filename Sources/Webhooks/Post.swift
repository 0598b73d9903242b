import AsyncHTTPClient
public import Jobs
import NIOCore
import NIOHTTP1

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

/// The exchange over async-http-client.
public struct AsyncHTTPPost: Post {
    private let userAgent: String

    /// Posts under this name.
    public init(userAgent: String) {
        self.userAgent = userAgent
    }

    /// Makes one exchange; see ``Post``.
    ///
    /// The client can send what is for a name to an address (`dnsOverride`), for all its requests alike. So each exchange gets a client of
    /// its own. What the answer says is not read.
    public func status(
        of body: [UInt8], to url: WebhookURL, at address: NetworkAddress, headers: [(name: String, value: String)],
        until deadline: ContinuousClock.Instant
    ) async -> Int? {
        let rest = deadline - .now
        guard rest > .zero else { return nil }
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.dnsOverride = [url.host: address.description]
        configuration.timeout.connect = TimeAmount(rest)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        var request = HTTPClientRequest(url: url.text)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "User-Agent", value: userAgent)
        request.headers.add(name: "Connection", value: "close")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(body)
        let status = try? await client.execute(request, timeout: TimeAmount(rest)).status
        try? await client.shutdown()
        return status.map { Int($0.code) }
    }
}
