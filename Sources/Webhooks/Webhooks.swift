// Tells programs of the end of a job: signs a message, finds out whether its address may be called, and makes one POST.
//
// The domain decides when a message is sent and how often; this is one attempt. This module must not know the store, Krea, pages, or what a
// message says.

public import Jobs

/// A message for somebody's program.
public struct WebhookMessage: Hashable, Sendable {
    /// Names the message, the same in every attempt.
    public let id: String
    /// Where it goes.
    public let url: String
    /// JSON.
    public let body: [UInt8]
    /// The number of the attempt, 1 for the first.
    public let attempt: Int

    /// A message.
    public init(id: String, url: String, body: [UInt8], attempt: Int) {
        self.id = id
        self.url = url
        self.body = body
        self.attempt = attempt
    }
}

/// How a message gets to somebody's program.
public protocol WebhookSender: Sendable {
    /// Makes one attempt, within ``WebhookDelivery/attemptTimeout``. Redirects are not followed, and what the answer says does not matter.
    func send(_ message: WebhookMessage, at now: Timestamp) async -> DeliveryOutcome
}

/// Sends signed messages to those hosts only that are listed, at addresses only that are public.
///
/// The name is resolved here, every address that it has is checked, and the connection goes to one that was checked: what the name
/// resolves to a moment later has no effect.
public struct SignedSender: WebhookSender {
    private let hosts: WebhookHosts
    private let secret: WebhookSecret
    private let resolver: any Resolver
    private let post: any Post

    /// A sender.
    ///
    /// - Parameter post: Makes the exchange.
    public init(hosts: WebhookHosts, secret: WebhookSecret, resolver: any Resolver = SystemResolver(), post: any Post) {
        self.hosts = hosts
        self.secret = secret
        self.resolver = resolver
        self.post = post
    }

    /// Makes one attempt; see ``WebhookSender``.
    public func send(_ message: WebhookMessage, at now: Timestamp) async -> DeliveryOutcome {
        // The list may have become shorter since the job was accepted.
        guard let url = WebhookURL(message.url), hosts.contain(url.host), url.isSecure || hosts.allowLoopback(url.host) else {
            return .failed("host not allowed")
        }
        let deadline = ContinuousClock.now + WebhookDelivery.attemptTimeout
        let addresses = await resolver.addresses(of: url.host, until: deadline)
        guard !addresses.isEmpty else { return .failed("host not found") }
        let areAllowed = addresses.allSatisfy { $0.isPublic || $0.isLoopback && hosts.allowLoopback(url.host) }
        guard areAllowed else { return .failed("address not public") }
        // A host that has several addresses may be reached at another when one fails.
        let address = addresses[(message.attempt - 1) % addresses.count]
        let status = await post.status(
            of: message.body, to: url, at: address, headers: secret.headers(of: message, at: now), until: deadline)
        return switch status {
        case nil: .failed("no answer")
        case 410: .gone
        case let status? where (200..<300).contains(status): .delivered(status: status)
        case let status?: .failed("status \(status)")
        }
    }
}
