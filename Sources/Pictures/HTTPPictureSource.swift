public import AsyncHTTPClient
public import Jobs
import NIOCore
import NIOHTTP1

/// Pictures over HTTP, through async-http-client.
///
/// A request says who asks and nothing else: no token, no cookie. No redirect is followed, since it could lead anywhere.
public struct HTTPPictureSource: PictureSource {
    /// How much, and how long.
    public struct Limits: Sendable {
        /// Bytes of the largest picture.
        public var bytes = 64 << 20
        /// How long a fetch may take as a whole, give or take one ``HTTPPictureSource/stall``.
        public var time: Duration = .seconds(120)

        /// The limits of the service.
        public init() {}
    }

    /// For how long nothing may come.
    public static let stall: Duration = .seconds(20)

    private let client: HTTPClient
    private let userAgent: String
    private let limits: Limits
    private let now: @Sendable () -> ContinuousClock.Instant
    private let mayFetch: @Sendable (String) -> Bool

    /// Fetches with `client`, which its owner shuts down. It should be made with ``configuration(stall:)``.
    ///
    /// - Parameters:
    ///   - now: Tells the time by which a fetch may take too long.
    ///   - mayFetch: Whether an address is one of those from which pictures come.
    public init(
        client: HTTPClient, userAgent: String, limits: Limits = Limits(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }, mayFetch: @escaping @Sendable (_ url: String) -> Bool
    ) {
        self.client = client
        self.userAgent = userAgent
        self.limits = limits
        self.now = now
        self.mayFetch = mayFetch
    }

    /// No redirects, and an end to waiting.
    public static func configuration(stall: Duration = stall) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        configuration.timeout.read = TimeAmount(stall)
        configuration.connectionPool.idleTimeout = .seconds(2)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        return configuration
    }

    /// Asks for a picture; see ``PictureSource``.
    public func open(_ url: String) async throws(PictureFailure) -> any PictureBytes {
        guard mayFetch(url) else { throw .notAllowed }
        let end = now() + limits.time
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "User-Agent", value: userAgent)
        request.headers.add(name: "Accept", value: "image/*")
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, timeout: TimeAmount(limits.time))
        } catch {
            throw .noAnswer(reason: String(describing: error))
        }
        switch response.status.code {
        case 200: break
        case 429: throw .limited(retryAfter: response.headers.first(name: "Retry-After").flatMap { Int($0) }.map { .seconds(max($0, 0)) })
        default: throw .status(Int(response.status.code))
        }
        if let length = response.headers.first(name: "Content-Length").flatMap({ Int($0) }), length > limits.bytes { throw .tooLarge }
        return Body(response.body, left: limits.bytes, until: end, now)
    }

    private final class Body: PictureBytes {
        private var parts: HTTPClientResponse.Body.AsyncIterator
        private var left: Int
        private let end: ContinuousClock.Instant
        private let now: @Sendable () -> ContinuousClock.Instant

        init(
            _ body: HTTPClientResponse.Body, left: Int, until end: ContinuousClock.Instant,
            _ now: @escaping @Sendable () -> ContinuousClock.Instant
        ) {
            parts = body.makeAsyncIterator()
            self.left = left
            self.end = end
            self.now = now
        }

        func next() async throws(PictureFailure) -> [UInt8]? {
            // A connection that gives a little now and then is never seen to stall.
            guard now() < end else { throw .noAnswer(reason: "not whole in time") }
            let part: ByteBuffer?
            do {
                part = try await parts.next(isolation: #isolation)
            } catch {
                throw .noAnswer(reason: String(describing: error))
            }
            guard let part else { return nil }
            left -= part.readableBytes
            guard left >= 0 else { throw .tooLarge }
            return Array(part.readableBytesView)
        }
    }
}
