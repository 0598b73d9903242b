import HTTPTypes

/// Lets pages of the sites that the operator named call the API (Fetch Standard, section 3.3), as programs do and without the user's
/// credentials.
struct CORS {
    let origins: Origins
    let request: HTTPRequest
    /// The service's public address, if known.
    let publicURL: String?
    /// Nil if the path cannot be read.
    let path: MountedPath?

    /// Whether other sites may call this route at all.
    var isOpen: Bool { !origins.isEmpty && path?.rules.isForPrograms == true }

    /// Whether the request comes from a site that may call this route.
    var isWelcome: Bool { isOpen && origins.contains(request.headerFields[.origin]) }

    /// Whether the request comes from such a site and not from this one; then the user that the browser authenticates does not count.
    var isFromElsewhere: Bool { isWelcome && CSRFGuard.sent(request, publicURL: publicURL) }

    /// The answer to a preflight request (section 3.3.2).
    ///
    /// A preflight request never carries a key, so none is required.
    func preflight(_ methods: [HTTPRequest.Method]) -> Reply {
        var reply = Reply.nothing
        reply.fields[.allow] = Self.list(methods + [.options])
        guard isWelcome, request.headerFields[.accessControlRequestMethod] != nil else { return reply }
        reply.fields[.accessControlAllowMethods] = Self.list(methods)
        reply.fields[.accessControlAllowHeaders] = Self.requestFields.map(\.rawName).joined(separator: ", ")
        reply.fields[.accessControlMaxAge] = "600"
        return reply
    }

    /// Adds the headers without which a browser hides an answer, even a refusal, from the page.
    func addHeaders(to reply: inout Reply) { grant.addHeaders(to: &reply) }

    /// What remains of it for an answer that comes later.
    var grant: Grant { Grant(isOpen: isOpen, origin: isWelcome ? request.headerFields[.origin] : nil) }

    struct Grant: Sendable {
        fileprivate let isOpen: Bool
        /// The site that may read the answer.
        fileprivate let origin: String?

        func addHeaders(to reply: inout Reply) {
            guard isOpen else { return }
            // An answer to one origin must not be kept for another.
            reply.vary(by: .origin)
            guard let origin else { return }
            reply.fields[.accessControlAllowOrigin] = origin
            reply.fields[.accessControlExposeHeaders] = CORS.answerFields.map(\.rawName).joined(separator: ", ")
        }
    }

    private static let requestFields: [HTTPField.Name] = [
        .contentType, .authorization, .idempotencyKey, .ifNoneMatch, WebhookAddress.field, .prefer,
    ]

    private static let answerFields: [HTTPField.Name] = [
        .allow, .eTag, .location, .retryAfter, .wwwAuthenticate, .rateLimitPolicy, .rateLimit, .requestID, .preferenceApplied,
    ]

    private static func list(_ methods: [HTTPRequest.Method]) -> String { methods.map(\.rawValue).joined(separator: ", ") }
}

extension CORS {
    init(_ settings: Application.Settings, _ request: HTTPRequest, at path: MountedPath?) {
        self.init(origins: settings.corsOrigins, request: request, publicURL: settings.publicURL, path: path)
    }
}

extension HTTPField.Name {
    /// The transport's name of a request.
    static let requestID = HTTPField.Name("X-Request-ID")!
}
