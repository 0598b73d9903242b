import HTTPTypes

/// Why a request does not reach the responder, or what came of it there.
enum RefusedRequest: Error, Equatable {
    case badRequest(String)
    case lengthRequired
    case bodyTooLarge(limit: Int)
    case tooSlow
    case internalError

    func problem(requestID: String) -> Problem {
        switch self {
        case .badRequest(let sentence):
            Problem(status: .badRequest, code: "bad_request", sentence: sentence, requestID: requestID)
        case .lengthRequired:
            Problem(
                status: .lengthRequired,
                code: "length_required",
                sentence: "A body needs a Content-Length.",
                requestID: requestID
            )
        case .bodyTooLarge(let limit):
            Problem(
                status: .contentTooLarge,
                code: "body_too_large",
                sentence: "The body is larger than \(limit) bytes.",
                requestID: requestID
            )
        case .tooSlow:
            Problem(status: .requestTimeout, code: "request_timeout", sentence: "The body came too slowly.", requestID: requestID)
        case .internalError:
            Problem(status: .internalServerError, code: "internal_error", sentence: "Internal error", requestID: requestID)
        }
    }
}
