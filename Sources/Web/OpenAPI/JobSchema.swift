import Jobs

/// A job and a list of them, as ``JobJSON`` and ``JobListJSON`` write them.
enum JobSchema {
    static let all: [String: JSONValue] = ["Job": job, "JobList": list, "Failure": failure, "Part": part]

    private static let job = Schema.object(
        "A job: Krea's own members (the first five), and ours.",
        [
            "job_id": Schema.text("Anyone who has it may read the job, unless it is a user's.", ["format": "uuid"]),
            "status": Schema.openWord(
                "Krea's word. Anything but completed, failed and cancelled means that the job goes on; new words of Krea's are passed on.",
                usually: JobListQuery.kreaWords),
            "created_at": Schema.time("When it was accepted."),
            "completed_at": Schema.nullable(Schema.time("When it came to its end.")),
            "result": Schema.nullable(
                Schema.object(
                    "The pictures of a completed job.",
                    [
                        "urls": urls("At Krea."),
                        "kept_urls": Schema.list(
                            "Our copies of the same pictures; null for a picture without a copy.",
                            of: Schema.nullable(Schema.text("A path of this server.", ["format": "uri-reference"]))),
                    ])),
            "error": Schema.nullable(Schema.named("Failure")),
            "state": Schema.word("Our own, more precise word.", of: JobState.allCases.map(\.rawValue)),
            "cancel_requested": Schema.flag("Whether cancellation was requested and Krea has not yet confirmed it."),
            "model": Schema.text("The model that really makes the pictures."),
            "requested_model": Schema.word("The model that was asked for.", of: Model.all.map(\.name)),
            "prompt": Schema.text("What the picture should show"),
            "request": request,
            "parts": Schema.list("The jobs at Krea that make the pictures.", of: Schema.named("Part")),
            "message": Schema.text("One line for people."),
            "warnings": Schema.list("Sentences for people.", of: Schema.text("What was left out, what takes longer.")),
            "starts_at": Schema.nullable(Schema.time("When it started or will start.")),
            "expected_at": Schema.nullable(Schema.time("When more is expected to be known.")),
            "failed_attempts": failedAttempts,
            "position": Schema.whole("How many jobs are sent before it.", ["minimum": 0]),
            "webhook": Schema.nullable(webhook),
        ])

    private static let webhook = Schema.object(
        "Who is notified of its end, and the state of that.",
        [
            "host": Schema.text("Where the message goes."),
            "url": Schema.nullable(
                Schema.address("The whole address, for the owner of the key, or the user, whose job it is; null for others.")),
            "state": Schema.word("Whether it was taken.", of: WebhookDelivery.State.allCases.map(\.rawValue)),
            "attempts": Schema.whole("How many were begun.", ["minimum": 0, "maximum": .number(Double(WebhookDelivery.pauses.count + 1))]),
            "next_attempt_at": Schema.nullable(Schema.time("The earliest moment of the next.")),
        ])

    private static let request: JSONValue = {
        let fields = RequestField.allCases.filter { $0 != .prompt && !$0.holdsPictures }
        let members = Dictionary(uniqueKeysWithValues: fields.map { ($0.rawValue, $0.schema($0.general)) })
        return Schema.object("The rest of the request, without pictures.", members, optional: Set(members.keys))
    }()

    private static let failedAttempts = Schema.whole(
        "How many attempts to send it never arrived at Krea, as Krea's list of jobs has proved. They cost nothing.", ["minimum": 0])

    private static let part = Schema.object(
        "One job at Krea.",
        [
            "state": Schema.word("Where it stands.", of: JobState.allCases.map(\.rawValue)),
            "failed_attempts": failedAttempts,
            "route": Schema.nullable(Schema.text("Krea's route, below /generate/image/; null before the first attempt.")),
            "krea_status": Schema.nullable(Schema.text("Krea's latest word for it.")),
            "urls": urls("Its pictures."),
            "error": Schema.nullable(Schema.named("Failure")),
        ])

    private static let failure = Schema.object(
        "Why there are no pictures.",
        [
            "code": Schema.word("For programs.", of: JobFailure.Code.allCases.map(\.rawValue)),
            "message": Schema.text("A summary and a suggestion for people."),
            "detail": Schema.text("Krea's own words."),
            "reason": Schema.word(
                "Why Krea refused the content, if it did.", of: ContentRefusal.allCases.map(\.rawValue)),
        ], optional: ["detail", "reason"])

    private static let list = Schema.object(
        "A part of a list of jobs, the newest first.",
        [
            "items": Schema.list("The jobs.", of: Schema.named("Job")),
            "next_cursor": Schema.nullable(Schema.text("The cursor of the next part; null when this is the last.")),
        ])

    private static func urls(_ description: String) -> JSONValue {
        Schema.list(description, of: Schema.address("A picture."))
    }
}
