import FoundationEssentials
public import HTTPClient
public import Jobs

/// Fetches pictures over HTTP.
///
/// A request carries a User-Agent, no token and no cookie. Redirects are followed only to addresses that `mayFetch` allows.
public struct HTTPPictureSource: PictureSource {
    /// The bounds of a fetch.
    public struct Limits: Sendable {
        /// Bytes of the largest picture.
        public var bytes = 64 << 20
        /// The longest time for a whole fetch.
        public var time: Duration = .seconds(120)
        /// The longest time without any bytes.
        public var stall: Duration = .seconds(20)

        /// The limits of the service.
        public init() {}
    }

    private let client: HTTPClient
    private let userAgent: String
    private let limits: Limits
    private let now: @Sendable () -> ContinuousClock.Instant
    private let mayFetch: @Sendable (String) -> Bool

    /// Fetches with `client`.
    ///
    /// - Parameters:
    ///   - now: The clock that bounds a fetch.
    ///   - mayFetch: Whether pictures may be fetched from an address.
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

    /// Requests a picture; see ``PictureSource``.
    public func open(_ url: String) async throws(PictureFailure) -> any PictureBytes {
        guard mayFetch(url) else { throw .notAllowed }
        let end = now() + limits.time
        let deadline = ContinuousClock.now + limits.time
        var response = try await ask(url, until: deadline)
        var address = url
        for _ in 0..<Self.mostRedirects where Self.redirects.contains(response.status) {
            guard let next = Self.target(of: response, from: address), mayFetch(next) else { throw .redirected }
            address = next
            response = try await ask(next, until: deadline)
        }
        switch response.status {
        case 200: break
        case let status where Self.redirects.contains(status): throw .redirected
        case 429: throw .limited(retryAfter: Self.retryAfter(of: response))
        default: throw .status(response.status)
        }
        if let length = response.fields["Content-Length"].flatMap({ Int($0) }), length > limits.bytes { throw .tooLarge }
        return Body(response, until: end, now)
    }

    /// The most redirects that are followed.
    static let mostRedirects = 3
    /// The statuses that name another location (RFC 9110, section 15.4).
    private static let redirects: Set<Int> = [301, 302, 303, 307, 308]

    private func ask(_ url: String, until deadline: ContinuousClock.Instant) async throws(PictureFailure) -> StreamedResponse {
        var request = ClientRequest(
            "GET", url, fields: [("User-Agent", userAgent), ("Accept", "image/*")], until: deadline, bodyLimit: limits.bytes)
        request.stall = limits.stall
        do {
            return try await client.open(request)
        } catch {
            throw PictureFailure(error)
        }
    }

    private static func retryAfter(of response: StreamedResponse) -> Duration? {
        let date = response.fields["Date"].flatMap(Timestamp.init(httpDate:))
        return response.fields["Retry-After"].flatMap { Duration(retryAfter: $0, answeredAt: date) }
    }

    /// The target of a redirect; nil if there is none or its scheme differs.
    private static func target(of response: StreamedResponse, from address: String) -> String? {
        guard let location = response.fields["Location"], !location.isEmpty, location.utf8.count <= 4096,
            let base = URL(string: address), let url = URL(string: location, relativeTo: base)?.absoluteURL, url.scheme == base.scheme
        else { return nil }
        return String(url.absoluteString.prefix { $0 != "#" })
    }

    private final class Body: PictureBytes {
        private let response: StreamedResponse
        private let end: ContinuousClock.Instant
        private let now: @Sendable () -> ContinuousClock.Instant

        init(_ response: StreamedResponse, until end: ContinuousClock.Instant, _ now: @escaping @Sendable () -> ContinuousClock.Instant) {
            self.response = response
            self.end = end
            self.now = now
        }

        func next() async throws(PictureFailure) -> [UInt8]? {
            guard now() < end else { throw .noAnswer(reason: "not whole in time") }
            do {
                return try await response.next()
            } catch {
                throw PictureFailure(error)
            }
        }
    }
}

extension PictureFailure {
    init(_ error: HTTPClientError) {
        switch error {
        case .notSent(let reason), .noAnswer(let reason): self = .noAnswer(reason: reason)
        case .tooLarge: self = .tooLarge
        }
    }
}
