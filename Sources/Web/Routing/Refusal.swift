import HTTPTypes
import Jobs

/// A request that is not carried out. ``Texts`` says why to people, in each language.
struct Refusal: Error, Equatable {
    /// Why; each with the status and the code in ``statusAndCode``.
    enum Reason: Equatable {
        case nothingThere
        case malformedAddress
        case unknownJob
        case removedJob
        /// No model has this route of Krea's.
        case unknownRoute(String)
        /// Krea's route for something else than images: its kind.
        case onlyImages(String)
        case wrongMethod(HTTPRequest.Method, allowed: [HTTPRequest.Method])

        case crossSite
        /// Not 401: only the web server can ask for a user, and it did not.
        case userMissing
        case keyMissing
        case unknownKey
        case wrongSignature

        case wrongMediaType(needed: String)
        /// RFC 9110, section 15.5.16.
        case contentCoding(String)
        case brokenForm
        case brokenBody(BodyFault)
        case invalid(InvalidRequest)
        case badParameter(ParameterFault)

        /// The status is that of draft-ietf-httpapi-idempotency-key-header-06, section 2.
        case idempotencyConflict
        case queueFull(FullQueue, QueueLimits)
        case dailyLimit(Allowance)
        case spendLimit
        case tooExpensive
        case tokenMissing
        case storeUnavailable(StoreUnavailable.Kind)

        case alreadyFinished
        case notTimedOut

        /// What the transport found wrong, in its own words.
        case transport(HTTPResponse.Status, code: String, sentence: String)
    }

    /// Why a body cannot be read.
    enum BodyFault: Equatable {
        case notUTF8
        case notJSON
        case tooDeep(most: Int)
        case tooManyValues(most: Int)
        /// The body is this value and no object.
        case noObject(String)
        /// The member at this path is given twice.
        case repeated([String])
        /// The number at this path is too large.
        case outOfRange([String])
        /// The request in a signed address is not base64url.
        case notEncoded
    }

    /// What is wrong with a parameter or a header; values are given in a few words.
    enum ParameterFault: Equatable {
        case idempotencyKey
        case limit(String)
        case cursor(String)
        case status(String)
        case wait(String)

        var name: String {
            switch self {
            case .idempotencyKey: "Idempotency-Key"
            case .limit: "limit"
            case .cursor: "cursor"
            case .status: "status"
            case .wait: "wait"
            }
        }
    }

    let reason: Reason
    /// In how many seconds a retry is worthwhile.
    var retryAfter: Int?
    /// The job whose state is the reason.
    var job: JobView?
    /// Names the answer in the log, if the transport named it.
    var requestID: String?

    init(_ reason: Reason, retryAfter: Int? = nil, job: JobView? = nil) {
        self.reason = reason
        self.retryAfter = retryAfter
        self.job = job
    }

    init(_ trouble: StoreUnavailable) {
        self.init(.storeUnavailable(trouble.kind), retryAfter: trouble.kind == .busy ? 5 : 60)
    }

    var status: HTTPResponse.Status { statusAndCode.0 }
    /// What programs tell refusals apart by; part of the JSON API.
    var code: String { statusAndCode.1 }

    private var statusAndCode: (HTTPResponse.Status, String) {
        switch reason {
        case .nothingThere: (.notFound, "not_found")
        case .unknownJob: (.notFound, "unknown_job")
        case .removedJob: (.gone, "job_removed")
        case .unknownRoute: (.notFound, "unknown_model")
        case .onlyImages: (.notFound, "images_only")
        case .wrongMethod: (.methodNotAllowed, "method_not_allowed")
        case .crossSite: (.forbidden, "cross_site")
        case .userMissing: (.forbidden, "user_required")
        case .keyMissing, .unknownKey: (.unauthorized, "unauthorized")
        case .wrongSignature: (.forbidden, "wrong_signature")
        case .wrongMediaType, .contentCoding: (.unsupportedMediaType, "unsupported_media_type")
        case .malformedAddress, .brokenForm, .brokenBody, .badParameter(.wait): (.badRequest, "bad_request")
        case .invalid, .badParameter: (.unprocessableContent, "invalid_request")
        case .idempotencyConflict: (.unprocessableContent, "idempotency_conflict")
        case .queueFull: (.tooManyRequests, "queue_full")
        case .dailyLimit: (.tooManyRequests, "daily_limit")
        case .spendLimit: (.tooManyRequests, "spend_limit")
        case .tooExpensive: (.unprocessableContent, "too_expensive")
        case .tokenMissing: (.serviceUnavailable, "token_missing")
        case .storeUnavailable: (.serviceUnavailable, "store_unavailable")
        case .alreadyFinished: (.conflict, "already_finished")
        case .notTimedOut: (.conflict, "not_timed_out")
        case .transport(let status, let code, _): (status, code)
        }
    }

    /// The headers that the reason brings.
    func addHeaders(to reply: inout Reply) {
        reply.fields[.retryAfter] = retryAfter.map(String.init)
        switch reason {
        case .wrongMethod(_, let allowed): reply.fields[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
        // RFC 9110, section 12.5.3.
        case .contentCoding: reply.fields[.acceptEncoding] = "identity"
        case .dailyLimit(let allowance): reply.addRateLimit(allowance, retryAfter: retryAfter)
        // RFC 6750, section 3.
        case .keyMissing: reply.fields[.wwwAuthenticate] = "Bearer"
        case .unknownKey: reply.fields[.wwwAuthenticate] = "Bearer error=\"invalid_token\""
        default: break
        }
    }
}
