import HTTPTypes

/// What pages of other web sites may do with the API (Fetch Standard, section 3.3): those that the operator has named, as programs do,
/// without what the browser knows of the user.
struct CORS {
    let origins: Origins
    let request: HTTPRequest
    /// Where the service is for the world, if that is known.
    let publicURL: String?
    /// Nil where not even the path can be read.
    let path: MountedPath?

    /// Whether other sites may come here at all.
    var isOpen: Bool { !origins.isEmpty && path?.isForPrograms == true }

    /// Whether the request comes from one of these sites, to where they may come.
    var isWelcome: Bool { isOpen && origins.contains(request.headerFields[.origin]) }

    /// Whether the request comes from a page of such a site that is not this one: whatever the browser knows of the user does not count.
    var isFromElsewhere: Bool { isWelcome && CSRFGuard.sent(request, publicURL: publicURL) }

    /// What may be asked there with these methods: what a browser wants to know before it sends anything (section 3.3.2).
    ///
    /// It carries no key, whatever the request will carry, so none is asked for.
    func preflight(_ methods: [HTTPRequest.Method]) -> Reply {
        var reply = Reply.nothing
        reply.fields[.allow] = Self.list(methods + [.options])
        guard isWelcome, request.headerFields[.accessControlRequestMethod] != nil else { return reply }
        reply.fields[.accessControlAllowMethods] = Self.list(methods)
        reply.fields[.accessControlAllowHeaders] = Self.requestFields.map(\.rawName).joined(separator: ", ")
        reply.fields[.accessControlMaxAge] = "600"
        return reply
    }

    /// Adds what a browser has to know of any answer, a refusal too, before it shows it to the page.
    func addHeaders(to reply: inout Reply) {
        guard isOpen else { return }
        // An answer to one origin must not be kept for another.
        reply.vary(by: .origin)
        guard isWelcome else { return }
        reply.fields[.accessControlAllowOrigin] = request.headerFields[.origin]
        reply.fields[.accessControlExposeHeaders] = Self.answerFields.map(\.rawName).joined(separator: ", ")
    }

    private static let requestFields: [HTTPField.Name] = [
        .contentType, .authorization, .idempotencyKey, .ifNoneMatch, WebhookAddress.field,
    ]

    private static let answerFields: [HTTPField.Name] = [
        .allow, .eTag, .location, .retryAfter, .wwwAuthenticate, .rateLimitPolicy, .rateLimit, .requestID,
    ]

    private static func list(_ methods: [HTTPRequest.Method]) -> String { methods.map(\.rawValue).joined(separator: ", ") }
}

extension CORS {
    init(_ settings: Application.Settings, _ request: HTTPRequest, at path: MountedPath?) {
        self.init(origins: settings.corsOrigins, request: request, publicURL: settings.publicURL, path: path)
    }
}

extension HTTPField.Name {
    /// What the transport names each request with.
    static let requestID = HTTPField.Name("X-Request-ID")!
}
