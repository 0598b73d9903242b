import HTTPTypes

/// An answer to a request.
struct Answer: Sendable, Equatable {
    var response: HTTPResponse
    var body: [UInt8]

    init(_ status: Int, type: String, body: [UInt8]) {
        self.response = HTTPResponse(status: .init(code: status), headerFields: [.contentType: type])
        self.body = body
    }

    func with(_ name: HTTPField.Name, _ value: String) -> Answer {
        var answer = self
        answer.response.headerFields[name] = value
        return answer
    }
}

extension Answer {
    static func json(_ status: Int, _ value: JSON) -> Answer {
        Answer(status, type: "application/json", body: value.bytes)
    }

    static func page(_ status: Int, _ title: String) -> Answer {
        let html = "<!DOCTYPE html><html><head><title>\(title)</title></head><body><h1>\(title)</h1></body></html>\n"
        return Answer(status, type: "text/html; charset=utf-8", body: Array(html.utf8))
    }

    static func invalid(_ status: Int, _ sentence: String, _ faults: [SchemaFault] = []) -> Answer {
        let error = JSON.string(sentence)
        return json(status, faults.isEmpty ? ["error": error] : ["error": error, "details": .array(faults.map(\.json))])
    }

    static let unauthorized = json(401, ["error": "Unauthorized"])
    static let unknownPath = page(404, "404: This page could not be found.")
    static let jobNotFound = json(404, ["error": "Job not found"])
    static let tooManyJobs = json(429, ["error": "You have reached the maximum number of concurrent jobs."])
    static let planTooLow = json(402, ["error": "This model requires a higher plan."])
    static let noBalance = json(402, ["error": ["code": "INSUFFICIENT_BALANCE"]])
    static let contentRefused = json(
        422, ["error": ["code": "nsfw", "message": "The prompt was refused by content moderation."]])
    static let blocked = Answer(403, type: "text/plain; charset=UTF-8", body: Array("error code: 1010".utf8))
    static let expired = Answer(403, type: "application/xml", body: Array("<Error><Code>AccessDenied</Code></Error>".utf8))
    static let outOfBalance = json(
        402,
        [
            "message": """
            Your API balance is separate from your workspace compute balance. \
            Please top up your API balance to continue using the API.
            """
        ]
    )

    static func gatewayPage(_ status: Int) -> Answer {
        let reasons = [500: "Internal server error", 502: "Bad gateway", 503: "Service unavailable", 524: "A timeout occurred"]
        return page(status, "\(status): \(reasons[status] ?? "Error")")
    }

    static func modelUnavailable(_ sunset: Sunset) -> Answer {
        json(
            410,
            [
                "error": "model_unavailable",
                "reason": "deprecated",
                "message": .string("The model \(sunset.model) is no longer available."),
                "sunset_date": .string(sunset.date),
                "replacement": .string(sunset.replacement),
                "migration_url": "https://docs.krea.ai/developers/deprecations",
            ]
        )
    }
}
