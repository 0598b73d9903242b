import FoundationEssentials
import HTTPTypes
import Jobs

/// An answer of Krea's, read as far as it can be read.
struct KreaAnswer {
    let response: HTTPResponse
    /// The body, if it is JSON.
    let json: JSONValue?
    private let body: [UInt8]

    init(response: HTTPResponse, body: [UInt8]) {
        self.response = response
        self.body = body
        json = try? JSONDecoder().decode(JSONValue.self, from: Data(body))
    }

    /// What the status means when it is not 2xx; nil for 2xx.
    var error: KreaError? {
        switch response.status.code {
        case 200..<300: nil
        case 401: .unauthorised(words: words)
        case 402: .outOfCredit(words: words)
        case 403: .forbidden(words: words)
        case 404, 410: .gone(words: words, replacement: json?.members?["replacement"]?.text)
        case 429: .limited(retryAfter: retryAfter)
        // 408 and 425 are said by those who do not know what became of the request.
        case 408, 425: .trouble(status: response.status.code)
        case 400..<500: .refused(words: words)
        default: .trouble(status: response.status.code)
        }
    }

    /// Krea's own words about an error, from wherever Krea put them (krea-api.md, section 4): `error` (a text or an object),
    /// `message`, `detail`, with what it says of single members; a short plain text as it is; nothing of an HTML page.
    var words: String? {
        guard let json else { return plainText }
        guard let members = json.members else { return nil }
        let candidates = ["error", "message", "detail"].flatMap { Self.texts(in: members[$0]) }
        // A bare word such as "model_unavailable" is for programs; a sentence beside it is for people.
        let headline = candidates.first { $0.contains(" ") } ?? candidates.first
        let details = ["details", "errors", "issues"].flatMap { Self.texts(in: members[$0]) }
        let all = ([headline].compactMap(\.self) + details.filter { $0 != headline }).joined(separator: "; ")
        return all.isEmpty ? nil : String(all.prefix(500))
    }

    private var plainText: String? {
        let text = String(decoding: body.prefix(500), as: UTF8.self)
        guard !body.isEmpty, !text.contains("<"), !text.contains("\u{FFFD}") else { return nil }
        return text.trimmingPrefix(while: \.isWhitespace).split(whereSeparator: \.isNewline).first.map(String.init)
    }

    private static func texts(in value: JSONValue?) -> [String] {
        switch value {
        case .string(let text):
            return [text]
        case .array(let elements):
            return elements.flatMap(texts)
        case .object(let members):
            let place = members["path"] ?? members["loc"]
            let path = (place?.elements ?? [place].compactMap(\.self)).map { $0.text ?? $0.brief }.joined(separator: ".")
            let texts = ["message", "msg", "code"].lazy.compactMap { members[$0]?.text }.prefix(1)
            return texts.map { path.isEmpty ? $0 : "\(path): \($0)" }
        case .null, .bool, .number, nil:
            return []
        }
    }

    /// RFC 9110, section 10.2.3: seconds, or a date, which only means something beside the date of the answer itself.
    private var retryAfter: Duration? {
        guard let text = response.headerFields[.retryAfter] else { return nil }
        if let seconds = Int(text), seconds >= 0 { return .seconds(seconds) }
        guard let moment = Timestamp(httpDate: text), let date else { return nil }
        return max(.zero, moment - date)
    }

    /// When Krea says that it answered.
    var date: Timestamp? { response.headerFields[.date].flatMap(Timestamp.init(httpDate:)) }
}
