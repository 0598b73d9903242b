// The client of Krea's API: writes the requests and reads the answers.
//
// Each method makes one exchange and never repeats it; the dispatcher decides whether and when to call. This module must not know the store,
// the queue or the pages. The token goes into one header field and nowhere else.
//
// Another call is another method of `KreaClient`; another kind of refusal is a case of `KreaError`, recognised in `KreaAnswer`.

import FoundationEssentials
import HTTPTypes
public import Jobs

/// Krea's API, as far as making pictures needs it.
public struct KreaClient: Sendable {
    private let server: KreaServer
    private let token: @Sendable () -> KreaToken?
    private let userAgent: String
    private let timeout: Duration
    private let transport: any Transport
    private let resultHosts: @Sendable () -> HostList

    /// A client that makes its calls over `transport`.
    ///
    /// - Parameters:
    ///   - token: The current token, read before each call. Without one, every call that needs it throws ``KreaError/notSent(reason:)``.
    ///   - userAgent: An ordinary product name. The protection in front of Krea refuses those of bare HTTP libraries.
    ///   - timeout: The longest time for a whole call.
    ///   - resultHosts: The hosts besides Krea's own that may serve pictures, read for each answer.
    public init(
        server: KreaServer, token: @escaping @Sendable () -> KreaToken?, userAgent: String, timeout: Duration, transport: any Transport,
        resultHosts: @escaping @Sendable () -> HostList = { .none }
    ) {
        self.server = server
        self.token = token
        self.userAgent = userAgent
        self.timeout = timeout
        self.transport = transport
        self.resultHosts = resultHosts
    }

    /// Whether there is a token.
    public var hasToken: Bool { token() != nil }

    /// Creates a job at a route, a path below `/generate/image/`. The call is paid for.
    ///
    /// Krea has no idempotency key: a second call makes a second job.
    ///
    /// - Parameter webhook: The address for Krea to call when the job has ended; nil for none.
    public func submit(_ body: [String: JSONValue], to route: String, webhook: String? = nil) async throws(KreaError) -> KreaJob {
        let answer = try await call(.post, "/generate/image/\(route)", body: .object(body), webhook: webhook)
        return try job(in: answer.json)
    }

    /// Reads the image routes from Krea's OpenAPI document. It is public, so the token is not sent.
    ///
    /// - Returns: The readable routes in the order of their paths, at least one.
    public func routes() async throws(KreaError) -> [KreaRoute] {
        let answer = try await call(.get, "/openapi.json", withToken: false)
        let routes = answer.json.map(KreaRoute.routes) ?? []
        guard !routes.isEmpty else { throw .unreadable }
        return routes
    }

    /// Reads the job with Krea's ID `id`.
    public func job(_ id: String) async throws(KreaError) -> KreaJob {
        try job(in: try await call(.get, "/jobs/\(Self.escaped(id))").json)
    }

    /// Reads a page of the account's jobs, newest first.
    ///
    /// - Parameters:
    ///   - limit: The most jobs on the page, 1 to 1000.
    ///   - cursor: The cursor from the previous page; nil for the first page.
    public func jobs(limit: Int, after cursor: String? = nil) async throws(KreaError) -> AccountPage {
        let answer = try await call(.get, "/jobs?limit=\(limit)" + (cursor.map { "&cursor=\(Self.escaped($0))" } ?? ""))
        guard let page = AccountPage(answer, limit: limit) else { throw .unreadable }
        return page
    }

    /// Asks Krea to cancel the job with its ID `id`.
    public func cancel(_ id: String) async throws(KreaError) {
        _ = try await call(.delete, "/jobs/\(Self.escaped(id))")
    }

    private func call(
        _ method: HTTPRequest.Method, _ route: String, body: JSONValue? = nil, webhook: String? = nil, withToken: Bool = true
    ) async throws(KreaError) -> KreaAnswer {
        var request = HTTPRequest(method: method, scheme: server.scheme, authority: server.authority, path: server.prefix + route)
        if withToken {
            guard let token = token() else { throw .notSent(reason: "there is no token") }
            request.headerFields[.authorization] = "Bearer \(token.secret)"
        }
        request.headerFields[.userAgent] = userAgent
        request.headerFields[.accept] = "application/json"
        request.headerFields[.webhookURL] = webhook
        if body != nil { request.headerFields[.contentType] = "application/json" }
        let bytes = body.flatMap { try? JSONEncoder().encode($0) }.map(Array.init) ?? []
        let answer: KreaAnswer
        do throws(TransportError) {
            let (response, body) = try await transport.exchange(request, body: bytes, timeout: timeout)
            answer = KreaAnswer(response: response, body: body)
        } catch {
            switch error {
            case .notSent(let reason): throw .notSent(reason: reason)
            case .noAnswer(let reason): throw .noAnswer(reason: reason)
            case .tooLarge: throw .tooLarge
            }
        }
        if let error = answer.error { throw error }
        return answer
    }

    private func job(in value: JSONValue?) throws(KreaError) -> KreaJob {
        let hosts = resultHosts()
        guard let value, let job = KreaJob(value, mayShow: { server.mayShow($0, also: hosts) }) else { throw .unreadable }
        return job
    }

    private static func escaped(_ segment: String) -> String {
        if segment.utf8.allSatisfy(isPlain) { return segment }
        return segment.utf8.map { byte in
            isPlain(byte) ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    /// Whether a byte is an unreserved character (RFC 3986, section 2.3).
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._~".utf8.contains(byte)
        }
    }
}

extension HTTPField.Name {
    /// Krea's field for the address to call when a job has ended.
    static let webhookURL = HTTPField.Name("X-Webhook-URL")!
}
