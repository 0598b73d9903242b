import Jobs

/// What can be done with jobs.
enum JobOperations {
    static func paths() throws -> [String: [String: Operation]] {
        [
            "/jobs": ["get": try list(), "post": try create()],
            "/jobs/{id}": ["get": try read(), "delete": try cancel()],
            "/jobs/{id}/events": ["get": try events()],
            "/jobs/{id}/resume": ["post": try resume()],
        ]
    }

    private static func create() throws -> Operation {
        Operation(
            id: "createJob", summary: "Ask for pictures",
            description:
                "The job waits for its turn. With Prefer: wait=55 the answer comes when it ends, or after 55 seconds; then wait for it "
                + "with GET /jobs/{id}.",
            parameters: [Parameter.requestKey, Parameter.webhook] + Parameter.waits,
            body: Operation.body(
                RequestSchema.name, examples: ["full": Example.request, "small": Example.smallRequest, "older": Example.olderRequest]),
            answers: [
                "202": Operation.answer("Accepted.", "Job", example: try Example.job(), headers: Header.ofAcceptance),
                "200": Operation.answer(
                    "The job that the same Idempotency-Key brought before, or the end of a job that was waited for.", "Job",
                    example: try Example.job(Example.running),
                    headers: Header.ofAcceptance),
            ],
            refusals: SharedAnswer.change + [.wrongType, .invalid, .queueFull])
    }

    private static func list() throws -> Operation {
        Operation(
            id: "listJobs", summary: "List one's jobs, the newest first", parameters: Parameter.list,
            answers: ["200": Operation.answer("A part of the list.", "JobList", example: try Example.list())], refusals: [.invalid])
    }

    private static func read() throws -> Operation {
        Operation(
            id: "readJob", summary: "Read a job",
            description: "Needs no key: anyone who has the ID may read the job, unless it is a user's.",
            parameters: [Parameter.jobID, Parameter.known] + Parameter.waits,
            answers: [
                "200": Operation.answer(
                    "The job.", "Job", example: try Example.job(Example.completed), headers: [.eTag, .retryAfter, .preferenceApplied]),
                "304": Operation.answer("Unchanged.", headers: [.eTag, .retryAfter, .preferenceApplied]),
            ], refusals: [.unknown, .removed])
    }

    private static func events() throws -> Operation {
        Operation(
            id: "watchJob", summary: "Watch a job",
            description:
                "Server-sent events named job: the job's JSON as data and its ETag as id, at once and after each change, until the job "
                + "ends or 60 seconds have passed; EventSource then asks again. A comment comes every 15 seconds.",
            parameters: [Parameter.jobID, Parameter.latestEvent],
            answers: [
                "200": Operation.answer("The events.", content: ["text/event-stream": ["schema": event]]),
                "204": Operation.answer("The job has ended, and the client knows how."),
            ], refusals: [.unknown, .removed])
    }

    /// Each event as an object of its fields.
    private static let event = Schema.object(
        "An event.",
        [
            "id": Schema.text("The ETag of the job's JSON."), "event": Schema.word("Its name.", of: ["job"]),
            "data": Schema.text(
                "The job's JSON.", ["contentMediaType": "application/json", "contentSchema": Schema.named("Job")]),
        ])

    private static func cancel() throws -> Operation {
        Operation(
            id: "cancelJob", summary: "Cancel a job", parameters: [Parameter.jobID],
            answers: [
                "200": Operation.answer("Cancelled and never sent.", "Job", example: try Example.job(Example.cancelled)),
                "202": Operation.answer(
                    "Krea is asked to cancel; the job ends as Krea says.", "Job", example: try Example.job(Example.running),
                    headers: [.retryAfter]),
                "409": Operation.answer(
                    "It has ended already.", "Problem",
                    example: try Example.problem(Refusal(.alreadyFinished, job: Example.view(Example.completed)))),
            ], refusals: SharedAnswer.change + [.unknown, .removed])
    }

    private static func resume() throws -> Operation {
        Operation(
            id: "resumeJob", summary: "Ask Krea again about a job whose picture it may still deliver",
            parameters: [Parameter.jobID],
            answers: [
                "202": Operation.answer("Krea is asked again.", "Job", example: try Example.job(Example.running), headers: [.retryAfter]),
                "409": Operation.answer(
                    "Krea will no longer deliver it.", "Problem",
                    example: try Example.problem(Refusal(.notTimedOut, job: Example.view(Example.completed)))),
            ], refusals: SharedAnswer.change + [.unknown, .removed])
    }
}
