import HTTPTypes

/// A wrong answer to one kind of request, named by its kind and perhaps a place: `500`, `500-created`, `429-poll`.
struct Fault: Sendable, Hashable {
    enum Kind: String, Sendable, CaseIterable {
        case unauthorized = "401"
        case outOfBalance = "402"
        case planTooLow = "402-plan"
        case noBalance = "402-code"
        case blocked = "403"
        case contentRefused = "422-nsfw"
        case notFound = "404"
        case rateLimited = "429"
        case rateLimitedRetryAfter = "429-retry-after"
        case internalError = "500"
        case badGateway = "502"
        case unavailable = "503"
        case gatewayTimeout = "524"
        case cut, truncated, garbled, empty, slow, drip, hostile
    }

    enum Place: String, Sendable, CaseIterable {
        /// A submission that leaves no job behind.
        case before
        /// A submission that creates its job nevertheless.
        case created
        case poll, list, cancel
        /// The document of the routes.
        case document
        case image
    }

    var kind: Kind
    var place: Place
    var number: Int?
    /// How often the fault has occurred before.
    var turn = 0

    /// Reads a word. Without a place it means a submission: an error status leaves no job, a damaged answer comes after the job was created.
    init?(word: String, number: Int?) {
        var (name, place) = (word, Place?.none)
        for candidate in Place.allCases where word.hasSuffix("-" + candidate.rawValue) {
            name = String(word.dropLast(candidate.rawValue.count + 1))
            place = candidate
        }
        guard let kind = Kind(rawValue: name) else { return nil }
        self.kind = kind
        self.place = place ?? (kind.isStatus ? .before : .created)
        self.number = number
    }

    /// How many requests of one job the fault spoils; nil for all.
    var times: Int? {
        switch kind {
        case .unauthorized, .outOfBalance, .planTooLow, .noBalance, .blocked, .contentRefused, .notFound: number
        case .slow, .drip, .hostile: nil
        case .rateLimitedRetryAfter: 1
        default: number ?? 1
        }
    }

    /// `reaction` with this fault.
    func spoiling(_ reaction: Reaction) -> Reaction {
        var spoilt = reaction
        switch kind {
        case .cut: spoilt.delivery = .cut
        case .truncated: spoilt.delivery = .truncated
        case .garbled: spoilt.body = Array(reaction.body.prefix(reaction.body.count / 2))
        case .empty: spoilt.body = []
        case .slow: spoilt.delay = Int64(number ?? 60_000)
        case .drip: spoilt.delivery = .dripping(bytes: 1, every: Int64(number ?? 100))
        case .hostile:
            var hostility = Hostility(seed: number ?? 1, turn: turn)
            spoilt = hostility.spoil(reaction)
        default: spoilt.answer = answer
        }
        return spoilt
    }
}

extension Fault {
    private var answer: Answer {
        switch kind {
        case .unauthorized: .unauthorized
        case .outOfBalance: .outOfBalance
        case .planTooLow: .planTooLow
        case .noBalance: .noBalance
        case .blocked: .blocked
        case .contentRefused: .contentRefused
        case .notFound: [.before, .created].contains(place) ? .unknownPath : .jobNotFound
        case .rateLimited: .tooManyJobs
        case .rateLimitedRetryAfter: .tooManyJobs.with(.retryAfter, String(number ?? 30))
        default: .gatewayPage(Int(kind.rawValue) ?? 500)
        }
    }
}

extension Fault.Kind {
    fileprivate var isStatus: Bool { Int(rawValue.prefix(3)) != nil }

    var meaning: String {
        switch self {
        case .unauthorized: "token refused, every time; NUMBER: only so many times"
        case .outOfBalance: "out of credits, every time; NUMBER: only so many times"
        case .planTooLow: "the plan is too low, every time; NUMBER: only so many times"
        case .noBalance: "the code INSUFFICIENT_BALANCE with 402, every time; NUMBER: only so many times"
        case .contentRefused: "content moderation with 422, every time; NUMBER: only so many times"
        case .blocked: "the text \"error code: 1010\", every time; NUMBER: only so many times"
        case .notFound: "not found, every time; NUMBER: only so many times"
        case .rateLimited: "too many jobs, once; NUMBER: so many times"
        case .rateLimitedRetryAfter: "too many jobs with Retry-After, once; NUMBER: its seconds, default 30"
        case .internalError, .badGateway, .unavailable, .gatewayTimeout: "an HTML page, once; NUMBER: so many times"
        case .cut: "the connection closes without an answer, once; NUMBER: so many times"
        case .truncated: "the connection closes after half the body, once; NUMBER: so many times"
        case .garbled: "half the JSON as a whole answer, once; NUMBER: so many times"
        case .empty: "no body, once; NUMBER: so many times"
        case .slow: "the answer starts late, every time; NUMBER: ms, default 60000"
        case .hostile: "anything at all: any bytes, any JSON, huge, nested, endless, every time; NUMBER: the seed"
        case .drip: "the body comes byte by byte, every time; NUMBER: ms between bytes, default 100"
        }
    }
}
