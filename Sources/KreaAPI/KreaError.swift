public import Jobs

/// Why a call to Krea failed, sorted by what the dispatcher has to do about it.
///
/// `words` are Krea's own, for the job's owner. They may quote the prompt and must not be logged.
public enum KreaError: Error, Hashable, Sendable {
    /// 400, 422 and other 4xx: Krea will never accept this request. Nothing was created.
    case refused(words: String?)
    /// 400, 403, 422 and the like, because of the prompt's or the images' content. It holds Krea's reason if it gave one.
    case contentRefused(ContentRefusal?, words: String?)
    /// 401: Krea does not accept the token.
    case unauthorised(words: String?)
    /// 402, or another status that says the same: the balance is used up.
    case outOfCredit(words: String?)
    /// 403: Krea, or the protection in front of it, denies access.
    case forbidden(words: String?)
    /// 404, 410: there is no such job, or no such route any more. Krea may name a replacement for a route.
    case gone(words: String?, replacement: String?)
    /// 429, with Krea's Retry-After if it gave one.
    case limited(retryAfter: Duration?)
    /// 5xx, a redirect, or another status that does not tell what became of the request.
    case trouble(status: Int)
    /// A 2xx whose body Krea does not document: the request was accepted, but the answer is lost.
    case unreadable
    /// An answer of more than ``TransportError/answerLimit`` bytes. It is lost.
    case tooLarge
    /// The request certainly did not arrive.
    case notSent(reason: String)
    /// The request may have arrived.
    case noAnswer(reason: String)

    /// A text for logs: the case's name and values, without Krea's words.
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

    /// The case's name as one word, for metrics.
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
