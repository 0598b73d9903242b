import HTTPTypes
import Jobs

/// Headers about the daily limit (draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4).
extension Reply {
    /// Adds the pictures allowed and left for the day, and the seconds until the next day; nothing without a limit.
    mutating func addRateLimit(_ allowance: Allowance, retryAfter seconds: Int?) {
        guard let pictures = allowance.pictures else { return }
        fields[.rateLimitPolicy] = "\"pictures\";q=\(pictures.limit);w=86400"
        fields[.rateLimit] = "\"pictures\";r=\(pictures.left)\(seconds.map { ";t=\($0)" } ?? "")"
    }
}

extension Application {
    /// What a client has left for the day; nil without limits.
    func allowance(of client: Client) throws -> Allowance? {
        store.limits.daily.areSet ? try store.allowance(of: client, at: now()) : nil
    }

    /// The answer to a client's request for pictures, with what is left now.
    func withRateLimit(_ reply: Reply, for client: Client) throws -> Reply {
        guard let allowance = try allowance(of: client) else { return reply }
        var reply = reply
        reply.addRateLimit(allowance, retryAfter: (allowance.endsAt - now()).retryAfter)
        return reply
    }
}

extension HTTPField.Name {
    static let rateLimitPolicy = HTTPField.Name("RateLimit-Policy")!
    static let rateLimit = HTTPField.Name("RateLimit")!
}
