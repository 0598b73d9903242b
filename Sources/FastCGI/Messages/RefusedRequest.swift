import HTTPTypes

/// Why a request does not reach the responder, or what came of it there.
enum RefusedRequest: Error, Equatable {
    case badRequest(String)
    case lengthRequired
    case bodyTooLarge(limit: Int)
    case tooSlow
    case internalError

    func problem(requestID: String) -> Problem {
        let (status, code, sentence): (HTTPResponse.Status, String, String) =
            switch self {
            case .badRequest(let sentence): (.badRequest, "bad_request", sentence)
            case .lengthRequired: (.lengthRequired, "length_required", "A body needs a Content-Length.")
            case .bodyTooLarge(let limit): (.contentTooLarge, "body_too_large", "The body is larger than \(limit) bytes.")
            case .tooSlow: (.requestTimeout, "request_timeout", "The body came too slowly.")
            case .internalError: (.internalServerError, "internal_error", "Internal error")
            }
        return Problem(status: status, code: code, sentence: sentence, requestID: requestID)
    }
}
