import HTTPTypes
import Jobs

/// The parameters of operations.
enum Parameter {
    static let jobID = parameter("id", in: "path", "The job's ID.", Schema.text("A UUID.", ["format": "uuid"]))
    static let requestKey = parameter(
        "Idempotency-Key", in: "header",
        "Makes it safe to send again for 24 hours: the same key and an equal request bring the same job, another request 422. "
            + "It is the caller's own: of the name that the API key has, or of the user. A caller without a name may repeat a request from any "
            + "network with a key that looks random: one with a UUID (version 1, 4, 6 or 7), with 32 or more hexadecimal digits, or of 21 or "
            + "more base64 characters. Any other key belongs to the network that it came from.",
        Schema.text(
            "Visible ASCII characters.", ["minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$", "examples": [Example.requestKey]]))
    static let webhookKey = parameter("key", in: "path", "The key that Krea was given with the job.", Schema.text("A secret."))
    static let webhook = parameter(
        WebhookAddress.field.rawName, in: "header", "The same as the member \(WebhookAddress.member).",
        Schema.address("An https address.", isSecure: true))
    static let known = parameter("If-None-Match", in: "header", "The ETag of an answer that the client has.", Schema.text("Entity tags."))
    /// Two ways to say the same.
    static let waits = [
        parameter(
            "Prefer", in: "header",
            "wait=N holds the answer for N seconds at most, until the job ends; with If-None-Match, until the answer would be another "
                + "(RFC 7240). Other preferences are ignored.",
            Schema.text("Preferences.", ["examples": [.string("wait=\(WaitPreference.bounds.upperBound)")]])),
        parameter(
            "wait", in: "query", "The same as Prefer: wait=N; it counts before the header.",
            Schema.whole(
                "Seconds.",
                [
                    "minimum": .number(Double(WaitPreference.bounds.lowerBound)),
                    "maximum": .number(Double(WaitPreference.bounds.upperBound)),
                ])),
    ]
    static let latestEvent = parameter(
        "Last-Event-ID", in: "header", "The id of the latest event that is known.", Schema.text("An entity tag."))
    static let list = [
        parameter(
            "limit", in: "query", "How many at most; 100 if not given.",
            Schema.whole(
                "Jobs.",
                ["minimum": .number(Double(JobListQuery.limits.lowerBound)), "maximum": .number(Double(JobListQuery.limits.upperBound))])),
        parameter(
            "cursor", in: "query", "Where to continue: the next_cursor of a list, or a time; then the jobs before it.",
            ["anyOf": [["type": "string", "format": "uuid"], ["type": "string", "format": "date-time", "pattern": "Z$"]]]),
        parameter("status", in: "query", "Only jobs with this status or state.", Schema.word("A word.", of: JobListQuery.words)),
        parameter("types", in: "query", "Krea's; has no meaning here.", Schema.text("Anything.")),
    ]

    private static func parameter(_ name: String, in place: String, _ description: String, _ schema: JSONValue) -> JSONValue {
        [
            "name": .string(name), "in": .string(place), "required": .bool(place == "path"), "description": .string(description),
            "schema": schema,
        ]
    }
}
