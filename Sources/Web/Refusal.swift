import HTTPTypes
import Jobs

/// A request that is not carried out: what programs and people are told about it, whatever shape it gets.
struct Refusal: Error, Equatable {
    /// One member or parameter that is wrong.
    struct Detail: Equatable {
        let member: String
        let sentence: String
    }

    let status: HTTPResponse.Status
    /// What programs tell refusals apart by; part of the JSON API.
    let code: String
    /// One sentence for people.
    let sentence: String
    /// Each member that is wrong, where members are.
    var details: [Detail] = []
    /// What may be done there instead, after a wrong method.
    var allowed: [HTTPRequest.Method] = []
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

    static let nothingThere = Refusal(.notFound, code: "not_found", "There is nothing at this address.")
    static let unknownJob = Refusal(.notFound, code: "unknown_job", "There is no job with this ID.")
    static let crossSite = Refusal(.forbidden, code: "cross_site", "Requests that other web sites send are not carried out.")
    /// The sentence is the brief's own.
    static let tokenMissing = Refusal(
        .serviceUnavailable, code: "token_missing", tokenMissingMessage)

    static func onlyImages(notA kind: String) -> Refusal {
        Refusal(.notFound, code: "images_only", "Only images are made here, “\(kind.prefix(40))” is not offered.")
    }

    static func wrongMethod(_ method: HTTPRequest.Method, allowed: [HTTPRequest.Method]) -> Refusal {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        let sentence = "\(method.rawValue) is not possible here, allowed are \(names)."
        var refusal = Refusal(.methodNotAllowed, code: "method_not_allowed", sentence)
        refusal.allowed = allowed
        return refusal
    }

    static func wrongMediaType(needed: String) -> Refusal {
        Refusal(.unsupportedMediaType, code: "unsupported_media_type", "The body must have the Content-Type \(needed).")
    }

    static func brokenBody(_ sentence: String) -> Refusal {
        Refusal(.badRequest, code: "bad_request", sentence)
    }
}
