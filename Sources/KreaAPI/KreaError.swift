public import Jobs

/// Why a call to Krea brought nothing, sorted by what a dispatcher has to do about it.
///
/// `words` are Krea's own, for the person whose job it is; they may quote the prompt and are not for logs.
public enum KreaError: Error, Hashable, Sendable {
    /// 400, 422 and other 4xx: the request as it is will never be taken. Nothing was created.
    case refused(words: String?)
    /// 400, 403, 422 and the like, because of what is in the prompt or the images, with Krea's word for it if it gave one.
    case contentRefused(ContentRefusal?, words: String?)
    /// 401: the token is not accepted.
    case unauthorised(words: String?)
    /// 402, or what says the same: the balance is used up.
    case outOfCredit(words: String?)
    /// 403: Krea, or the protection in front of it, does not let us in.
    case forbidden(words: String?)
    /// 404, 410: no such job, or no such route any more; then Krea may name another.
    case gone(words: String?, replacement: String?)
    /// 429, with Krea's Retry-After if it gave one.
    case limited(retryAfter: Duration?)
    /// 5xx, a redirect, or another status that says nothing about what became of the request.
    case trouble(status: Int)
    /// A 2xx whose body is not what Krea documents: the request was taken, but the answer is lost.
    case unreadable
    /// An answer of more than ``TransportError/answerLimit`` bytes: it is lost.
    case tooLarge
    /// The request certainly did not arrive.
    case notSent(reason: String)
    /// The request may have arrived.
    case noAnswer(reason: String)

    /// The case's name and what it says, without Krea's words: for logs.
    public var logText: String {
        switch self {
        case .refused: "refused"
        case .contentRefused(let reason, _): "content refused" + (reason.map { ", \($0.rawValue)" } ?? "")
        case .unauthorised: "unauthorised"
        case .outOfCredit: "out of credit"
        case .forbidden: "forbidden"
        case .gone: "gone"
        case .limited(let retryAfter): "limited" + (retryAfter.map { ", retry after \($0)" } ?? "")
        case .trouble(let status): "trouble, status \(status)"
        case .unreadable: "unreadable answer"
        case .tooLarge: "answer too large"
        case .notSent(let reason): "not sent: \(reason)"
        case .noAnswer(let reason): "no answer: \(reason)"
        }
    }

    /// The case's name, as a word for metrics.
    public var word: String {
        switch self {
        case .refused: "refused"
        case .contentRefused: "content_refused"
        case .unauthorised: "unauthorized"
        case .outOfCredit: "out_of_compute"
        case .forbidden: "forbidden"
        case .gone: "gone"
        case .limited: "rate_limited"
        case .trouble: "trouble"
        case .unreadable: "unreadable"
        case .tooLarge: "too_large"
        case .notSent: "not_sent"
        case .noAnswer: "no_answer"
        }
    }
}
