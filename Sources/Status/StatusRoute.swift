/// The resource that a request asks for, by its address and Accept field.
enum StatusRoute: Equatable {
    enum Format: Equatable {
        case html, json, text
    }

    case status(Format, full: Bool)
    case metrics
    case started, ready, live
    case nothing

    /// Reads an address. `?json`, `?html`, `?text` and `?openmetrics` override the Accept field, as in PHP-FPM. The default is text.
    init(target: String, accept: String?) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let words = parts.count > 1 ? parts[1].split(separator: "&").map { $0.prefix { $0 != "=" } } : []
        self =
            switch parts[0] {
            case "/status" where words.contains("openmetrics"), "/metrics": .metrics
            case "/status": .status(Self.format(words, accept ?? ""), full: words.contains("full"))
            case "/health/started": .started
            case "/health/ready": .ready
            case "/health/live": .live
            default: .nothing
            }
    }

    private static func format(_ words: [Substring], _ accept: String) -> Format {
        let named: [(word: Substring, type: String, format: Format)] = [
            ("json", "application/json", .json), ("html", "text/html", .html), ("text", "text/plain", .text),
        ]
        if let given = named.first(where: { words.contains($0.word) }) { return given.format }
        // The first type in the field counts; quality values are ignored.
        return named.compactMap { choice in accept.lowercased().firstRange(of: choice.type).map { ($0.lowerBound, choice.format) } }
            .min { $0.0 < $1.0 }?.1 ?? .text
    }
}
