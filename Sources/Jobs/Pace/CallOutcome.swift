/// How a call ended, in one word of the ledger. Beside those below there are the codes of failures and Krea's words for the state of a job.
public struct CallOutcome: RawRepresentable, Hashable, Sendable {
    /// The word.
    public let rawValue: String

    /// A word of the ledger.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    private init(_ word: String) {
        rawValue = word
    }

    /// Krea took a submission or a cancellation.
    public static let accepted = CallOutcome("accepted")
    /// Krea answered a question.
    public static let answered = CallOutcome("answered")
    /// Krea answered with a page of its list, and the next one is needed.
    public static let page = CallOutcome("page")
    /// The answer to a submission was lost.
    public static let lost = CallOutcome("lost")
    /// The answer to any other call was lost.
    public static let noAnswer = CallOutcome("no_answer")
    /// Krea answered 429.
    public static let rateLimited = CallOutcome("rate_limited")
    /// The call certainly did not reach Krea.
    public static let notSent = CallOutcome("not_sent")
    /// Krea refused the token.
    public static let unauthorised = CallOutcome("unauthorized")
    /// Krea no longer has the route.
    public static let routeGone = CallOutcome("route_gone")
    /// Krea has no such job.
    public static let unknownJob = CallOutcome("unknown_job")
    /// A page of Krea's list is larger than what is read.
    public static let tooLarge = CallOutcome("too_large")
    /// Krea's list cannot be read.
    public static let unusable = CallOutcome("unusable")
    /// A command asked whether Krea accepts a token.
    public static let checked = CallOutcome("checked")
}
