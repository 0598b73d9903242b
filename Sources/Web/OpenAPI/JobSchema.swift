import Jobs

/// A job and a list of them, as ``JobJSON`` and ``JobListJSON`` write them.
enum JobSchema {
    static let all: [String: JSONValue] = ["Job": job, "JobList": list, "Failure": failure, "Part": part]

    private static let job = Schema.object(
        "A job: Krea's own members (the first five), and ours.",
        [
            "job_id": Schema.text("Whoever has it may read the job, unless that is a user's.", ["format": "uuid"]),
            "status": Schema.openWord(
                "Krea's word. Everything but completed, failed and cancelled means that the job goes on; a new word of Krea's is passed on.",
                usually: JobListQuery.kreaWords),
            "created_at": Schema.time("When it was accepted."),
            "completed_at": Schema.nullable(Schema.time("When it came to its end.")),
            "result": Schema.nullable(
                Schema.object(
                    "The pictures of a completed job.",
                    [
                        "urls": urls("At Krea."),
                        "kept_urls": Schema.list(
                            "Our copies of the same pictures, null where there is none.",
                            of: Schema.nullable(Schema.text("A path of this server.", ["format": "uri-reference"]))),
                    ])),
            "error": Schema.nullable(Schema.named("Failure")),
            "state": Schema.word("Our own word, which tells more.", of: JobState.allCases.map(\.rawValue)),
            "cancel_requested": Schema.flag("Whether somebody wants it cancelled, and Krea has not yet said what became of it."),
            "model": Schema.text("What really makes the pictures."),
            "requested_model": Schema.word("The model that was asked for.", of: Model.all.map(\.name)),
            "prompt": Schema.text("What the picture should show"),
            "request": request,
            "parts": Schema.list("The jobs at Krea that shall bring the pictures.", of: Schema.named("Part")),
            "message": Schema.text("One line for people."),
            "warnings": Schema.list("Sentences for people.", of: Schema.text("What was left out, what takes longer.")),
            "starts_at": Schema.nullable(Schema.time("When it started or will start.")),
            "expected_at": Schema.nullable(Schema.time("When more is expected to be known.")),
            "failed_attempts": failedAttempts,
            "position": Schema.whole("How many jobs are sent before it.", ["minimum": 0]),
            "webhook": Schema.nullable(webhook),
        ])

    private static let webhook = Schema.object(
        "Who is told of its end, and how far that is.",
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
        return Schema.object("What was asked for besides, but for pictures.", members, optional: Set(members.keys))
    }()

    private static let failedAttempts = Schema.whole(
        "How many attempts to send it never arrived at Krea, as Krea's list of jobs has proved. Nothing is paid for these.", ["minimum": 0])

    private static let part = Schema.object(
        "One job at Krea.",
        [
            "state": Schema.word("Where it stands.", of: JobState.allCases.map(\.rawValue)),
            "failed_attempts": failedAttempts,
            "route": Schema.nullable(Schema.text("Krea's route, below /generate/image/; null before it was first sent.")),
            "krea_status": Schema.nullable(Schema.text("What Krea last called that.")),
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
                "What Krea has against the content, where that is the matter.", of: ContentRefusal.allCases.map(\.rawValue)),
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
