import HTTPTypes
import Jobs

/// Answers that several operations share, by their status.
enum SharedAnswer: String, CaseIterable {
    case badRequest = "400"
    case unauthorized = "401"
    case forbidden = "403"
    case unknown = "404"
    case removed = "410"
    case lengthRequired = "411"
    case tooLarge = "413"
    case wrongType = "415"
    case invalid = "422"
    case queueFull = "429"
    case internalError = "500"
    case webServer = "502"
    case unavailable = "503"
    case webServerTimeout = "504"

    /// Possible for any request.
    static let always: [SharedAnswer] = [
        .badRequest, .unauthorized, .forbidden, .internalError, .webServer, .unavailable, .webServerTimeout,
    ]
    /// Possible for any request that changes something.
    static let change: [SharedAnswer] = [.lengthRequired, .tooLarge]

    /// Its name in the document's components.
    var name: String { "\(self)" }

    func json() throws -> JSONValue {
        switch self {
        case .badRequest: try refusal("The address or the body is not well formed.", Refusal(.brokenBody(.notJSON)))
        case .unauthorized: try refusal("The key is missing or wrong.", Refusal(.keyMissing), headers: [.challenge])
        case .forbidden:
            try refusal("Another web site sent it, or only users are served and it came from none.", Refusal(.crossSite))
        case .unknown: try refusal("There is no such job.", Refusal(.unknownJob))
        case .removed: try refusal("The job was removed because of its age.", Refusal(.removedJob))
        case .lengthRequired:
            try refusal(
                "The body has no length.",
                Refusal(.transport(.lengthRequired, code: "length_required", sentence: "A body needs a Content-Length.")))
        case .tooLarge: tooLargeJSON
        case .wrongType:
            try refusal("The body is not declared as JSON, or is compressed.", Refusal(.wrongMediaType(needed: "application/json")))
        case .invalid:
            try refusal(
                "A member or a parameter is wrong.", Refusal(.invalid(InvalidRequest("width", .outside("511", .wholeNumber(512, 2368))))))
        case .queueFull:
            try refusal(
                "Too many jobs wait, or a daily limit is reached.",
                Refusal(.queueFull(.client, QueueLimits()), retryAfter: 10), headers: [.retryAfter, .rateLimitPolicy, .rateLimit])
        case .internalError: Operation.answer("A programming error, which is in the log under this ID.", "Problem")
        case .webServer:
            Operation.answer("The web server cannot reach the service; the answer is its own.", content: page, isOurs: false)
        case .unavailable:
            try refusal(
                "No token for Krea is set, or the store is unavailable (then with Retry-After).",
                Refusal(.tokenMissing))
        case .webServerTimeout: Operation.answer("The service did not answer the web server in time.", content: page, isOurs: false)
        }
    }

    private func refusal(_ description: String, _ refusal: Refusal, headers: [Header] = []) throws -> JSONValue {
        Operation.answer(description, "Problem", example: try Example.problem(refusal), headers: headers)
    }

    /// The web server itself answers a body that is larger than it allows.
    private var tooLargeJSON: JSONValue {
        Operation.answer(
            "The body is larger than 1 MiB.", content: page.merging(["application/json": ["schema": Schema.named("Problem")]]) { $1 },
            isOurs: false)
    }

    private var page: [String: JSONValue] { ["text/html": ["schema": Schema.text("A page.")]] }
}
