import HTTPTypes

/// A format of a job and its errors. The first is the default.
enum Format: String, CaseIterable {
    case html
    case json
    case markdown = "md"
    case text = "txt"

    var mediaType: String {
        switch self {
        case .html: "text/html"
        case .json: "application/json"
        case .markdown: "text/markdown"
        case .text: "text/plain"
        }
    }

    /// The format that a client prefers; a page if it wants none of them (RFC 9110, section 12.4.1).
    init(wantedBy request: HTTPRequest) {
        self = Accept(request.headerFields[.accept] ?? "").choice(of: Self.allCases, type: \.mediaType) ?? .html
    }

    /// The parts of a name such as `5f8e.json`; nil if the ending is not a format. Pages have no ending.
    static func ofFile(_ name: String) -> (id: String, format: Format)? {
        guard let dot = name.lastIndex(of: "."), let format = Format(rawValue: String(name[name.index(after: dot)...])), format != .html
        else { return nil }
        return (String(name[..<dot]), format)
    }
}

extension Reply {
    /// A refusal in a format.
    init(_ refusal: Refusal, as format: Format, at links: Links) {
        let reply =
            switch format {
            case .html: Reply(refusal.status, page: ProblemPage.html(refusal, at: links))
            case .json: Reply(refusal.status, json: ProblemJSON(refusal, at: links))
            case .markdown: Reply(refusal.status, text: "\(Markdown.escape(refusal.sentence))\n", as: format)
            case .text: Reply(refusal.status, text: refusal.sentence)
            }
        self = reply.with(refusal)
    }
}
