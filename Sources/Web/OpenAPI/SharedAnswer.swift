import HTTPTypes
import Jobs

/// The answers that several operations have, by their status.
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

    /// What any request may get.
    static let always: [SharedAnswer] = [
        .badRequest, .unauthorized, .forbidden, .internalError, .webServer, .unavailable, .webServerTimeout,
    ]
    /// What any request may get that changes something.
    static let change: [SharedAnswer] = [.lengthRequired, .tooLarge]

    /// Its name in the document's components.
    var name: String { "\(self)" }

    func json() throws -> JSONValue {
        switch self {
        case .badRequest: try refusal("The address or the body is not well formed.", Refusal(.brokenBody(.notJSON)))
        case .unauthorized: try refusal("The key is missing or wrong.", Refusal(.keyMissing), headers: [.challenge])
        case .forbidden:
            try refusal("A browser sent it for another web site, or only users are served and it came from none.", Refusal(.crossSite))
        case .unknown: try refusal("There is no such job.", Refusal(.unknownJob))
        case .removed: try refusal("The job was removed because of its age.", Refusal(.removedJob))
        case .lengthRequired:
            try refusal(
                "The body has no length.",
                Refusal(.transport(.lengthRequired, code: "length_required", sentence: "A body needs a Content-Length.")))
        case .tooLarge: tooLargeJSON
        case .wrongType:
            try refusal("The body is not said to be JSON, or is compressed.", Refusal(.wrongMediaType(needed: "application/json")))
        case .invalid:
            try refusal(
                "A member or a parameter is wrong.", Refusal(.invalid(InvalidRequest("width", .outside("511", .wholeNumber(512, 2368))))))
        case .queueFull:
            try refusal(
                "Too many jobs wait, or what may be asked for or spent in a day is used up.",
                Refusal(.queueFull(.client, QueueLimits()), retryAfter: 10), headers: [.retryAfter, .rateLimitPolicy, .rateLimit])
        case .internalError: Operation.answer("An error of the program, which its log has under this ID.", "Problem")
        case .webServer:
            Operation.answer("The web server does not reach the service, and says so in its own words.", content: page, isOurs: false)
        case .unavailable:
            try refusal(
                "The operator has set no token for Krea, or the store cannot be used for a while (then with Retry-After).",
                Refusal(.tokenMissing))
        case .webServerTimeout: Operation.answer("The service did not answer the web server in time.", content: page, isOurs: false)
        }
    }

    private func refusal(_ description: String, _ refusal: Refusal, headers: [Header] = []) throws -> JSONValue {
        Operation.answer(description, "Problem", example: try Example.problem(refusal), headers: headers)
    }

    /// Of a body that is larger than what the web server lets in, the web server tells in its own words.
    private var tooLargeJSON: JSONValue {
        Operation.answer(
            "The body is larger than 1 MiB.", content: page.merging(["application/json": ["schema": Schema.named("Problem")]]) { $1 },
            isOurs: false)
    }

    private var page: [String: JSONValue] { ["text/html": ["schema": Schema.text("A page.")]] }
}
