// Tells other programs that a job has ended: checks the address, signs the message, and makes one POST.
//
// One call here is one attempt; the domain decides when and how often to try. This module must not know the store, Krea, the pages, or what a
// message says. Another way to sign is another method of `WebhookSecret`; another way to deliver is another `WebhookSender`.

public import Jobs

/// A message to another program.
public struct WebhookMessage: Hashable, Sendable {
    /// The message's ID, the same in every attempt.
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

/// Delivers messages to other programs.
public protocol WebhookSender: Sendable {
    /// Makes one attempt within ``WebhookDelivery/attemptTimeout``. Follows no redirect and ignores the answer's body.
    func send(_ message: WebhookMessage, at now: Timestamp) async -> DeliveryOutcome
}

/// Sends signed messages, only to listed hosts and only at public addresses.
///
/// It resolves the name, checks every address, and connects to a checked one. What the name resolves to a moment later has no effect.
public struct SignedSender: WebhookSender {
    private let hosts: WebhookHosts
    private let secret: WebhookSecret
    private let resolver: any Resolver
    private let post: any Post

    /// - Parameter post: Makes the POST.
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
        // If one address of a host fails, the next attempt tries another.
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
