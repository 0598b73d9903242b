import HTTPTypes
import Jobs

/// An answer of Krea's, read as far as it can be read.
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

    /// What the status means when it is not 2xx; nil for 2xx.
    ///
    /// Krea's codes and words count where they say more than the status: content and balance are refused with several of them.
    var error: KreaError? {
        let status = response.status.code
        let reasons = KreaReasons(json?.members ?? [:])
        switch status {
        case 200..<300: return nil
        case 401: return .unauthorised(words: words)
        case 402: return .outOfCredit(words: words)
        case 404, 410: return .gone(words: words, replacement: json?.members?["replacement"]?.name)
        case 429: return .limited(retryAfter: retryAfter)
        // 408 and 425 are said by those who do not know what became of the request.
        case 408, 425: return .trouble(status: status)
        case 400..<500 where reasons.areAboutBalance: return .outOfCredit(words: words)
        case 400..<500 where reasons.areAboutContent: return .contentRefused(reasons.contentRefusal, words: words)
        case 403: return .forbidden(words: words)
        case 400..<500: return .refused(words: words)
        default: return .trouble(status: status)
        }
    }

    /// Krea's own words about an error; a short plain text as it is; nothing of an HTML page.
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

    /// When Krea says that it answered.
    var date: Timestamp? { response.headerFields[.date].flatMap(Timestamp.init(httpDate:)) }
}
