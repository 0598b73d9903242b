import HTTPTypes
import Jobs

/// An answer from Krea, read as far as possible.
struct KreaAnswer {
    let response: HTTPResponse
    /// The body, if it is JSON within ``AnswerLimits``.
    let json: JSONValue?
    private let body: [UInt8]

    init(response: HTTPResponse, body: [UInt8]) {
        self.response = response
        self.body = body
        json = JSONValue(answer: body)
    }

    /// The error that the answer reports; nil for 2xx.
    ///
    /// Krea refuses content, and reports an empty balance, with several statuses. There its codes and words decide.
    var error: KreaError? {
        let status = response.status.code
        let reasons = KreaReasons(json?.members ?? [:])
        switch status {
        case 200..<300: return nil
        case 401: return .unauthorised(words: words)
        case 402: return .outOfCredit(words: words)
        case 404, 410: return .gone(words: words, replacement: json?.members?["replacement"]?.name)
        case 429: return .limited(retryAfter: retryAfter)
        // Servers send 408 and 425 when they do not know what became of the request.
        case 408, 425: return .trouble(status: status)
        case 400..<500 where reasons.areAboutBalance: return .outOfCredit(words: words)
        case 400..<500 where reasons.areAboutContent: return .contentRefused(reasons.contentRefusal, words: words)
        case 403: return .forbidden(words: words)
        case 400..<500: return .refused(words: words)
        default: return .trouble(status: status)
        }
    }

    /// Krea's own words about an error, from JSON or a short plain text. An HTML page gives nil.
    private var words: String? {
        guard let json else { return plainText }
        return json.members.flatMap { KreaReasons($0).words }
    }

    private var plainText: String? {
        let text = String(decoding: body.prefix(500), as: UTF8.self)
        guard !body.isEmpty, !text.contains("<"), !text.contains("\u{FFFD}") else { return nil }
        return text.trimmingPrefix(while: \.isWhitespace).split(whereSeparator: \.isNewline).first.map(String.init)
    }

    private var retryAfter: Duration? {
        response.headerFields[.retryAfter].flatMap { Duration(retryAfter: $0, answeredAt: date) }
    }

    /// The answer's Date field.
    var date: Timestamp? { response.headerFields[.date].flatMap(Timestamp.init(httpDate:)) }
}
