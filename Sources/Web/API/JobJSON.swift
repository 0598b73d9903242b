import Jobs

/// A job for programs: Krea's own five members, and ours.
struct JobJSON: JSONWritable {
    struct Result: JSONWritable {
        /// At Krea.
        let urls: [String]
        /// Our copies of the same pictures, null where there is none.
        let keptURLs: [String?]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("kept_urls", keptURLs)
                json.member("urls", urls)
            }
        }
    }

    struct Failure: JSONWritable {
        let code: String
        let message: String
        /// Krea's own words.
        let detail: String?
        /// What Krea has against the content, in Krea's word for it; absent when that is not the matter, or not known.
        let reason: String?

        init(_ failure: JobFailure) {
            code = failure.code.rawValue
            message = failure.message
            detail = failure.detail
            reason = failure.refusal?.rawValue
        }

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("code", code)
                json.member("detail", ifAny: detail)
                json.member("message", message)
                json.member("reason", ifAny: reason)
            }
        }
    }

    /// One of the jobs at Krea that shall bring the pictures.
    struct Part: JSONWritable {
        let state: String
        let failedAttempts: Int
        /// Krea's route; null before the first attempt.
        let route: String?
        let kreaStatus: String?
        let urls: [String]
        let error: Failure?

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("error", error)
                json.member("failed_attempts", failedAttempts)
                json.member("krea_status", kreaStatus)
                json.member("route", route)
                json.member("state", state)
                json.member("urls", urls)
            }
        }
    }

    /// Who is told of the job's end, and how far that is.
    struct Webhook: JSONWritable {
        let host: String
        /// Null for everyone but the job's owner: of many receivers the address is all that it takes to write to them.
        let url: String?
        let state: String
        let attempts: Int
        let nextAttemptAt: String?

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("attempts", attempts)
                json.member("host", host)
                json.member("next_attempt_at", nextAttemptAt)
                json.member("state", state)
                json.member("url", url)
            }
        }
    }

    let jobID: String
    let status: String
    let createdAt: String
    let completedAt: String?
    let result: Result?
    let error: Failure?

    let state: String
    /// Whether somebody wants it cancelled, and Krea has not yet said what became of it.
    let cancelRequested: Bool
    /// The model that was really used, or is going to be.
    let model: String
    let requestedModel: String
    let prompt: String
    /// What was asked for besides model, prompt and pictures (which can be as long as a picture).
    let request: [String: JSONValue]
    let parts: [Part]
    let message: String
    let warnings: [String]
    let startsAt: String?
    let expectedAt: String?
    /// How many paid calls never arrived at Krea, as its list has proved.
    let failedAttempts: Int
    let position: Int
    let webhook: Webhook?

    /// - Parameter isForOwner: Whether it says what only the job's owner may know: then no shared cache may keep it.
    init(_ view: JobView, at links: Links, isForOwner: Bool = false) {
        let job = view.job
        jobID = job.id.description
        status = job.status
        createdAt = job.createdAt.iso8601
        completedAt = job.finishedAt?.iso8601
        result =
            job.state == .completed
            ? Result(urls: job.urls, keptURLs: job.urls.map { view.copy(of: $0, at: links) })
            : nil
        error = job.failure.map(Failure.init)
        state = job.state.rawValue
        cancelRequested = job.isCancelWanted
        model = job.usedModels
        requestedModel = job.request.model.name
        prompt = job.request.prompt
        request = Dictionary(
            uniqueKeysWithValues: job.request.values.filter { !$0.key.holdsPictures }.map { ($0.key.rawValue, $0.value) })
        parts = job.submissions.map { submission in
            Part(
                state: submission.state.rawValue, failedAttempts: submission.failedAttempts, route: submission.route,
                kreaStatus: submission.kreaStatus, urls: submission.urls,
                error: submission.failure.map(Failure.init))
        }
        message = view.message
        warnings = job.warnings.map(\.sentence)
        startsAt = view.startsAt?.iso8601
        expectedAt = view.expectedAt?.iso8601
        failedAttempts = job.failedAttempts
        position = view.position
        webhook = job.delivery.map { delivery in
            Webhook(
                host: delivery.host, url: isForOwner ? delivery.url : nil, state: delivery.state.rawValue,
                attempts: delivery.attempts, nextAttemptAt: delivery.nextAttemptAt?.iso8601)
        }
    }

    /// The members in the order of their names.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("cancel_requested", cancelRequested)
            json.member("completed_at", completedAt)
            json.member("created_at", createdAt)
            json.member("error", error)
            json.member("expected_at", expectedAt)
            json.member("failed_attempts", failedAttempts)
            json.member("job_id", jobID)
            json.member("message", message)
            json.member("model", model)
            json.member("parts", parts)
            json.member("position", position)
            json.member("prompt", prompt)
            json.member("request", JSONValue.object(request))
            json.member("requested_model", requestedModel)
            json.member("result", result)
            json.member("starts_at", startsAt)
            json.member("state", state)
            json.member("status", status)
            json.member("warnings", warnings)
            json.member("webhook", webhook)
        }
    }
}
