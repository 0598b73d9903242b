import HTTPTypes
import Jobs

/// One method of one path.
struct Operation {
    let id: String
    let summary: String
    var description = ""
    var parameters: [JSONValue] = []
    /// The body, for a method that has one.
    var body: JSONValue?
    /// By status.
    var answers: [String: JSONValue]
    /// The refusals besides those that are always possible.
    var refusals: [SharedAnswer] = []

    /// - Parameters:
    ///   - needsKey: Whether it takes a key, if keys are given out.
    ///   - keysMatter: Whether keys are given out.
    func json(needsKey: Bool, keysMatter: Bool) -> JSONValue {
        var json: [String: JSONValue] = ["operationId": .string(id), "summary": .string(summary)]
        if !description.isEmpty { json["description"] = .string(description) }
        if !parameters.isEmpty { json["parameters"] = .array(parameters) }
        json["requestBody"] = body
        let shared = (SharedAnswer.always + refusals).map { ($0.rawValue, Schema.reference("responses", $0.name)) }
        json["responses"] = .object(Dictionary(shared) { $1 }.merging(answers) { $1 })
        json["security"] = needsKey ? (keysMatter ? [["key": []]] : [[:], ["key": []]]) : []
        return .object(json)
    }

    /// A body of JSON.
    static func body(_ schema: String, examples: [String: JSONValue]) -> JSONValue {
        [
            "required": true,
            "content": ["application/json": ["schema": Schema.named(schema), "examples": .object(examples.mapValues { ["value": $0] })]],
        ]
    }

    /// An answer of JSON.
    static func answer(_ description: String, _ schema: String, example: JSONValue? = nil, headers: [Header] = []) -> JSONValue {
        answer(description, json: Schema.named(schema), example: example, headers: headers)
    }

    static func answer(_ description: String, json schema: JSONValue, example: JSONValue? = nil, headers: [Header] = []) -> JSONValue {
        var content: [String: JSONValue] = ["schema": schema]
        content["example"] = example
        return answer(description, content: ["application/json": .object(content)], headers: headers)
    }

    /// - Parameter isOurs: Whether the service always gives this answer, and never the web server by itself.
    static func answer(
        _ description: String, content: [String: JSONValue] = [:], headers: [Header] = [], isOurs: Bool = true
    ) -> JSONValue {
        var answer: [String: JSONValue] = ["description": .string(description)]
        if !content.isEmpty { answer["content"] = .object(content) }
        let headers = headers + (isOurs ? [.requestID] : [])
        if !headers.isEmpty {
            answer["headers"] = .object(
                Dictionary(uniqueKeysWithValues: headers.map { ($0.rawValue, Schema.reference("headers", $0.rawValue)) }))
        }
        return .object(answer)
    }
}

/// A header of an answer.
enum Header: String, CaseIterable {
    case allow = "Allow"
    case eTag = "ETag"
    case location = "Location"
    case retryAfter = "Retry-After"
    case challenge = "WWW-Authenticate"
    case rateLimitPolicy = "RateLimit-Policy"
    case rateLimit = "RateLimit"
    case requestID = "X-Request-ID"
    case preferenceApplied = "Preference-Applied"

    /// The headers of an answer to a request for pictures.
    static let ofAcceptance: [Header] = [.location, .retryAfter, .rateLimitPolicy, .rateLimit, .preferenceApplied]

    var json: JSONValue {
        switch self {
        case .allow: json("The methods that are possible there.", Schema.text("Like GET, HEAD."))
        case .eTag: json("Names this answer; send it back as If-None-Match.", Schema.text("In quotes.", ["pattern": "^\"[0-9a-f]+\"$"]))
        case .location: json("Where the job is.", Schema.text("A path.", ["format": "uri-reference"]))
        case .retryAfter:
            json(
                "In how many seconds to ask again; absent if nothing more changes.", Schema.whole("Seconds.", ["minimum": 1]),
                isSure: false)
        case .rateLimitPolicy:
            json("How many pictures a client may create in a day, if limited.", Schema.text("A structured list."), isSure: false)
        case .rateLimit:
            json("How many are left, and in how many seconds the next day begins.", Schema.text("A structured list."), isSure: false)
        case .requestID:
            json("Names the request in the service's log.", Schema.text("1 to 64 visible ASCII characters.", ["pattern": "^[!-~]{1,64}$"]))
        case .preferenceApplied:
            json("The wait that was kept to.", Schema.text("A preference.", ["pattern": "^wait=[0-9]+$"]), isSure: false)
        case .challenge: json("The required authentication.", Schema.text("Begins with Bearer.", ["pattern": "^Bearer"]))
        }
    }

    private func json(_ description: String, _ schema: JSONValue, isSure: Bool = true) -> JSONValue {
        ["description": .string(description), "required": .bool(isSure), "schema": schema]
    }
}
