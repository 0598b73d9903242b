public import Answers
public import HTTPTypes
public import Jobs
public import Logging

/// Answers requests: pages for people, JSON for programs. Safe to call from several threads at once.
public final class Application: Sendable {
    /// The configuration, as far as pages need it.
    public final class Settings: Sendable {
        /// Whether a token for Krea is set; without one nothing is accepted, and the form says so.
        public let hasToken: Bool
        /// Whether a simulator makes the pictures; then the pages say so.
        public let isSimulated: Bool
        /// Hosts of pictures besides `https://krea.ai` and all hosts below it, as sources of a Content-Security-Policy, such as
        /// `http://127.0.0.1:8081`.
        public let imageSources: [String]
        /// The hosts that may be notified of a job's end.
        public let webhookHosts: WebhookHosts

        /// Whether pictures are copied; the web server serves the copies below `pictures/`.
        public let keepsPictures: Bool
        /// The public address without a slash at the end; nil if it is known only from requests.
        public let publicURL: String?
        /// The web sites whose pages may use the API.
        public let corsOrigins: Origins
        /// The web sites that may show the form in a frame.
        public let embedOrigins: Origins

        /// Whether only users of the web server and owners of keys are served.
        public let requiresUser: Bool

        /// The settings; by default those of a service that can call Krea.
        public init(
            hasToken: Bool = true, isSimulated: Bool = false, imageSources: [String] = [], webhookHosts: WebhookHosts = .none,
            keepsPictures: Bool = false, publicURL: String? = nil, corsOrigins: Origins = .none,
            embedOrigins: Origins = .none, requiresUser: Bool = false
        ) {
            self.hasToken = hasToken
            self.isSimulated = isSimulated
            self.imageSources = imageSources
            self.webhookHosts = webhookHosts
            self.keepsPictures = keepsPictures
            self.publicURL = publicURL
            self.corsOrigins = corsOrigins
            self.embedOrigins = embedOrigins
            self.requiresUser = requiresUser
        }

        /// The most bytes of one header field. A web server reads all headers of an answer into one buffer, by default of 4096 bytes in nginx
        /// (`fastcgi_buffer_size`), and answers 502 if it is too small.
        public static let fieldLimit = 3072

        /// The bytes of `Content-Security-Policy`, the longest header field that grows with the settings.
        public var policySize: Int { pagePolicy(isEmbedded: true).utf8.count }

        /// The Content-Security-Policy of a page.
        func pagePolicy(isEmbedded: Bool) -> String {
            let images = ["'self'", "https://krea.ai", "https://*.krea.ai"] + imageSources
            return """
                default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src \(images.joined(separator: " ")); \
                form-action 'self'; base-uri 'none'; frame-ancestors \(isEmbedded ? embedOrigins.sources : "'none'")
                """
        }
    }

    let store: any RequestStore
    let settings: Settings
    let logger: Logger
    let now: @Sendable () -> Timestamp
    let newID: @Sendable () -> JobID
    let random: @Sendable (ClosedRange<Int>) -> Int
    let keyOwner: KeyOwner?
    let signedJob: SignedJob?
    let answers = JobResponseCache()

    /// An application over a store.
    ///
    /// - Parameters:
    ///   - keyOwner: Finds the owner of a key; nil if programs need none.
    ///   - signedJob: Finds the job of a signed address; nil if the operator signs none.
    ///   - now: Gives the time.
    ///   - newID: Gives a new random ID for a job or a form.
    ///   - random: Gives a random number within bounds.
    public init(
        store: any RequestStore, settings: Settings, logger: Logger, keyOwner: KeyOwner? = nil, signedJob: SignedJob? = nil,
        now: @escaping @Sendable () -> Timestamp, newID: @escaping @Sendable () -> JobID,
        random: @escaping @Sendable (ClosedRange<Int>) -> Int = { .random(in: $0) }
    ) {
        self.store = store
        self.settings = settings
        self.logger = logger
        self.keyOwner = keyOwner
        self.signedJob = signedJob
        self.now = now
        self.newID = newID
        self.random = random
    }

    /// The same application with other settings and keys, for the requests that follow.
    public func changed(_ settings: Settings, keyOwner: KeyOwner?, signedJob: SignedJob?) -> Application {
        Application(
            store: store, settings: settings, logger: logger, keyOwner: keyOwner, signedJob: signedJob, now: now, newID: newID,
            random: random)
    }

    /// Answers one request. Blocks as long as the store does.
    ///
    /// The answer to HEAD has the body of GET, which the transport leaves out.
    ///
    /// - Parameters:
    ///   - request: Its path is the raw request target, its authority the host (and port) it was sent to.
    ///   - mount: The mount point according to the web server (`SCRIPT_NAME`; RFC 3875, section 4.1).
    ///   - user: The user that the web server has let in (`REMOTE_USER`), if any.
    ///   - address: The client's address (`REMOTE_ADDR`).
    ///   - body: The whole body.
    ///   - mayWait: Whether the answer, or the rest of it, may wait; without, it is whole.
    /// - Throws: What the store throws, except `StoreUnavailable`, which is answered with 503.
    public func respond(
        to request: HTTPRequest, mount: String?, user: String?, address: String?, body: [UInt8], mayWait: Bool
    ) throws -> Answer {
        let path: MountedPath
        do {
            path = try MountedPath(requestTarget: request.path ?? "", scriptName: mount)
        } catch {
            return finished(reply(to: error, at: nil, for: request), to: request, at: nil)
        }
        do {
            // A browser sends the user's password or certificate for any page of such a site.
            let user = CORS(settings, request, at: path).isFromElsewhere ? nil : user
            let caller = try Caller(request, user: user, address: address, owner: path.rules.isForPrograms ? keyOwner : nil)
            let visit = RequestContext(
                application: self, request: request, path: path, links: links(of: request, at: path), caller: caller, body: body,
                mayWait: mayWait)
            return finished(try visit.reply(), to: request, at: path)
        } catch let refusal as Refusal {
            return finished(reply(to: refusal, at: path, for: request), to: request, at: path)
        } catch let trouble as StoreUnavailable {
            return finished(reply(to: refusal(trouble), at: path, for: request), to: request, at: path)
        }
    }

    /// The answer to a request that the transport refused: JSON for programs, else a page.
    ///
    /// - Parameters:
    ///   - code: A word for programs.
    ///   - sentence: One sentence for people, without internals.
    ///   - requestID: Names the answer in the log, if it is named there.
    public func problem(
        for request: HTTPRequest, status: HTTPResponse.Status, code: String, sentence: String, requestID: String?
    ) -> (HTTPResponse, [UInt8]) {
        var refusal = Refusal(.transport(status, code: code, sentence: sentence))
        refusal.requestID = requestID
        let path = MountedPath(guessing: request.path ?? "")
        let reply = withCommonFields(reply(to: refusal, at: path, for: request), to: request, at: path)
        return (reply.response, reply.body)
    }

    private func reply(to refusal: Refusal, at path: MountedPath?, for request: HTTPRequest) -> Reply {
        let links = links(of: request, at: path)
        let isUnreadable = path == nil && Route.seemsForPrograms(request.path ?? "")
        let format = path.map(\.rules.format) ?? (isUnreadable ? .json : .html)
        var reply = Reply(refusal, as: format ?? Format(wantedBy: request), at: links)
        if format == nil { reply.vary(by: .accept) }
        return reply
    }

    private func links(of request: HTTPRequest, at path: MountedPath?) -> Links {
        var links = Links(mount: path?.mount ?? "", settings: settings)
        // Programs read English.
        if path?.rules.isForPrograms == true { return links }
        links.language = Language(of: request, query: path?.query ?? "")
        links.isEmbedded = isEmbedded(path)
        return links
    }

    /// Whether a page there is in a frame.
    private func isEmbedded(_ path: MountedPath?) -> Bool {
        !settings.embedOrigins.isEmpty && path?.isForFrames == true
    }

    /// What is said while the store is unavailable; the log has why.
    func refusal(_ trouble: StoreUnavailable) -> Refusal {
        logger.error("The store is in trouble", metadata: ["error": "\(trouble)"])
        return Refusal(trouble)
    }

    private func finished(_ reply: Reply, to request: HTTPRequest, at path: MountedPath?) -> Answer {
        guard reply.hasHead else { return Answer(wait: reply.wait) }
        let reply = withCommonFields(reply, to: request, at: path)
        return Answer(reply.response, reply.body, wait: reply.wait)
    }

    /// The answer with the headers of every answer, and those that depend on the caller.
    private func withCommonFields(_ reply: Reply, to request: HTTPRequest, at path: MountedPath?) -> Reply {
        var reply = reply
        CORS(settings, request, at: path).addHeaders(to: &reply)
        if !reply.hasCommonFields {
            addCommonFields(to: &reply, isEmbedded: isEmbedded(path))
            rememberLanguage(path, in: &reply)
        }
        return reply
    }

    /// Remembers a language that was chosen on a page, and nothing about the reader.
    private func rememberLanguage(_ path: MountedPath?, in reply: inout Reply) {
        guard reply.fields[.contentType]?.hasPrefix("text/html") == true,
            let language = FormFields(query: path?.query ?? "")[Language.choice].flatMap(Language.init)
        else { return }
        let mount = PercentEncoding.encode(path: path?.mount ?? "")
        reply.fields[.setCookie] = "\(Language.choice)=\(language.rawValue); Path=\(mount)/; Max-Age=31536000; SameSite=Lax"
    }

    /// Adds the headers of every answer.
    func addCommonFields(to reply: inout Reply, isEmbedded: Bool) {
        reply.hasCommonFields = true
        reply.fields[.xContentTypeOptions] = "nosniff"
        // Addresses hold job IDs, which are secrets. "no-referrer" would be stricter, but makes browsers send "Origin: null" with our own form.
        reply.fields[.referrerPolicy] = "same-origin"
        reply.fields[.contentSecurityPolicy] = reply.fields[.contentSecurityPolicy] ?? settings.pagePolicy(isEmbedded: isEmbedded)
    }
}

extension HTTPField.Name {
    /// Referrer Policy, section 4.1.
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    /// HTML Standard, section "The `Refresh` header".
    static let refresh = HTTPField.Name("Refresh")!
}
