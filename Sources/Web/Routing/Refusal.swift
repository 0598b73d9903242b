import HTTPTypes
import Jobs

/// A request that is not carried out: what programs and people are told about it, whatever shape it gets.
struct Refusal: Error, Equatable {
    /// One member or parameter that is wrong.
    struct Detail: Equatable {
        /// Where it is: the name, and within it names and positions.
        let path: [String]
        let sentence: String

        init(path: [String], sentence: String) {
            self.path = path
            self.sentence = sentence
        }

        init(member: String, sentence: String) {
            self.init(path: [member], sentence: sentence)
        }
    }

    let status: HTTPResponse.Status
    /// What programs tell refusals apart by; part of the JSON API.
    let code: String
    /// One sentence for people.
    let sentence: String
    /// Each member that is wrong, where members are.
    var details: [Detail] = []
    /// How many are wrong besides those.
    var otherDetails = 0
    /// What may be done there instead, after a wrong method.
    var allowed: [HTTPRequest.Method] = []
    /// In how many seconds it is worth to try again.
    var retryAfter: Int?
    /// What the client has left of the day, where that is the matter.
    var allowance: Allowance?
    /// Which content codings are taken, as the `Accept-Encoding` header of an answer says it (RFC 9110, section 12.5.3).
    var acceptedCodings: String?
    /// How to show who one is, as the `WWW-Authenticate` header says it.
    var challenge: String?
    /// The job whose state is the reason.
    var job: JobView?
    /// Names the answer in the log, when the transport gave it a name.
    var requestID: String?

    init(_ status: HTTPResponse.Status, code: String, _ sentence: String) {
        self.status = status
        self.code = code
        self.sentence = sentence
    }

    init(_ invalid: InvalidRequest) {
        self.init(.unprocessableContent, code: "invalid_request", invalid.problems[0].sentence)
        details = invalid.problems.map { Detail(member: $0.member, sentence: $0.sentence) }
        otherDetails = invalid.others
    }

    /// The methods as the `Allow` header lists them; nil where none are named.
    var allowHeader: String? {
        allowed.isEmpty ? nil : allowed.map(\.rawValue).joined(separator: ", ")
    }

    /// A parameter of the address that has no such value.
    static func badParameter(_ name: String, _ sentence: String) -> Refusal {
        var refusal = Refusal(.unprocessableContent, code: "invalid_request", sentence)
        refusal.details = [Detail(member: name, sentence: sentence)]
        return refusal
    }

    /// Says what stands in the way, and nothing of the inside.
    init(_ trouble: StoreUnavailable) {
        let sentence =
            switch trouble.kind {
            case .busy: "The store is busy and nothing was changed; try again in a few seconds."
            case .full: "The store's disk is full and nothing was changed; the operator must make room."
            case .unusable: "The store is unavailable and nothing was changed; the operator must look into it."
            }
        self.init(.serviceUnavailable, code: "store_unavailable", sentence)
        retryAfter = trouble.kind == .busy ? 5 : 60
    }

    static let nothingThere = Refusal(.notFound, code: "not_found", "There is nothing at this address.")
    static let unknownJob = Refusal(.notFound, code: "unknown_job", "There is no job with this ID.")
    static let removedJob = Refusal(.gone, code: "job_removed", "The job with this ID finished long ago and has been removed.")
    static let csrfGuard = Refusal(.forbidden, code: "cross_site", "Requests from other web sites are refused.")
    /// Not 401: only the web server can ask for a user, and it did not.
    static let userMissing = Refusal(
        .forbidden, code: "user_required", "This is for signed-in users only, and the web server named none.")
    static let wrongSignature = Refusal(.forbidden, code: "wrong_signature", "The signature of this address is not valid.")
    /// The sentence is the brief's own.
    static let tokenMissing = Refusal(
        .serviceUnavailable, code: "token_missing", tokenMissingMessage)

    /// What programs need to be let in (RFC 6750, section 3).
    static let keyMissing = unauthorised("A key is required: send it as Authorization: Bearer KEY.", challenge: "Bearer")
    static let unknownKey = unauthorised("The key in the Authorization header is unknown.", challenge: "Bearer error=\"invalid_token\"")

    private static func unauthorised(_ sentence: String, challenge: String) -> Refusal {
        var refusal = Refusal(.unauthorized, code: "unauthorized", sentence)
        refusal.challenge = challenge
        return refusal
    }

    static func unknownRoute(_ route: String) -> Refusal {
        Refusal(
            .notFound, code: "unknown_model",
            "There is no model at image/\(route.beginning(80)); there are \(Model.all.flatMap(\.routes).map(\.path).joined(separator: ", "))."
        )
    }

    static func onlyImages(notA kind: String) -> Refusal {
        Refusal(.notFound, code: "images_only", "Only images are made here; “\(kind.beginning(40))” is not offered.")
    }

    /// The status is what draft-ietf-httpapi-idempotency-key-header-06, section 2, has for it.
    static let idempotencyConflict = Refusal(
        .unprocessableContent, code: "idempotency_conflict",
        "This Idempotency-Key came with a different request within the last 24 hours, so nothing was accepted.")

    static func queueFull(_ queue: FullQueue, _ limits: QueueLimits, retryAfter: Int) -> Refusal {
        let whose =
            switch queue {
            case .client: "Your queue is full: at most \(count(limits.perClient)) of one client may wait"
            case .total: "The queue is full: at most \(count(limits.total)) of all clients together may wait"
            }
        var refusal = Refusal(.tooManyRequests, code: "queue_full", "\(whose); try again in \(retryAfter) s.")
        refusal.retryAfter = retryAfter
        return refusal
    }

    /// The client's own limit.
    static func dailyLimit(_ allowance: Allowance, now: Timestamp) -> Refusal {
        let (limit, left) = (allowance.pictures?.limit ?? 0, allowance.pictures?.left ?? 0)
        var refusal = Refusal(
            .tooManyRequests, code: "daily_limit",
            "You may create \(limit == 1 ? "1 picture" : "\(limit) pictures") a day and have \(left) left; "
                + "the count starts again at 00:00 UTC.")
        refusal.allowance = allowance
        refusal.retryAfter = (allowance.endsAt - now).retryAfter
        return refusal
    }

    /// The operator's limit for everybody together.
    static func spendLimit(retryAfter: Int) -> Refusal {
        var refusal = Refusal(
            .tooManyRequests, code: "spend_limit",
            "The daily spending limit for everyone is reached; it starts again at 00:00 UTC.")
        refusal.retryAfter = retryAfter
        return refusal
    }

    static let tooExpensive = Refusal(.unprocessableContent, code: "too_expensive", "\(JobFailure(.tooExpensive).message).")

    private static func count(_ jobs: Int) -> String { jobs == 1 ? "1 job" : "\(jobs) jobs" }

    static func alreadyFinished(_ job: JobView) -> Refusal {
        conflict(with: job, code: "already_finished", "The job has already ended and cannot be cancelled.")
    }

    static func notTimedOut(_ job: JobView) -> Refusal {
        conflict(with: job, code: "not_timed_out", "Only a job whose picture Krea may still deliver can be checked again.")
    }

    private static func conflict(with job: JobView, code: String, _ sentence: String) -> Refusal {
        var refusal = Refusal(.conflict, code: code, sentence)
        refusal.job = job
        return refusal
    }

    static func wrongMethod(_ method: HTTPRequest.Method, allowed: [HTTPRequest.Method]) -> Refusal {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        let sentence = "\(method.rawValue) is not allowed here; use \(names)."
        var refusal = Refusal(.methodNotAllowed, code: "method_not_allowed", sentence)
        refusal.allowed = allowed
        return refusal
    }

    static func wrongMediaType(needed: String) -> Refusal {
        Refusal(.unsupportedMediaType, code: "unsupported_media_type", "The body must have the Content-Type \(needed).")
    }

    /// RFC 9110, section 15.5.16.
    static func contentCoding(_ coding: String) -> Refusal {
        let name = JSONValue.string(coding).brief
        var refusal = Refusal(
            .unsupportedMediaType, code: "unsupported_media_type",
            "The body must have no Content-Encoding; \(name) is not supported.")
        refusal.acceptedCodings = "identity"
        return refusal
    }

    /// A member of the body, or one within it, that cannot be read; `problem` says why, in words that follow its name.
    static func badMember(_ path: [String], _ problem: String) -> Refusal {
        let name = path.reduce("") { name, step in
            name.isEmpty ? step : step.utf8.allSatisfy { (0x30...0x39).contains($0) } ? "\(name)[\(step)]" : "\(name).\(step)"
        }
        let sentence = "\(name.isEmpty ? "The body" : name) \(problem)"
        var refusal = brokenBody(sentence)
        refusal.details = path.isEmpty ? [] : [Detail(path: path, sentence: sentence)]
        return refusal
    }

    static func brokenBody(_ sentence: String) -> Refusal {
        Refusal(.badRequest, code: "bad_request", sentence)
    }
}
