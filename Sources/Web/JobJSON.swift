import Jobs

/// A job for programs: Krea's own five members, and ours.
struct JobJSON: Encodable {
    struct Result: Encodable {
        /// At Krea.
        let urls: [String]
        /// Our copies of the same pictures, null where there is none.
        let keptUrls: [String?]
    }

    struct Failure: Encodable {
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
    }

    /// One of the jobs at Krea that shall bring the pictures.
    struct Part: Encodable {
        let state: String
        /// Krea's route; null before the first attempt.
        @Nullable var route: String?
        @Nullable var kreaStatus: String?
        let urls: [String]
        @Nullable var error: Failure?
    }

    /// Who is told of the job's end, and how far that is.
    struct Webhook: Encodable {
        let url: String
        let state: String
        let attempts: Int
        @Nullable var nextAttemptAt: String?
    }

    let jobID: String
    let status: String
    let createdAt: String
    @Nullable var completedAt: String?
    @Nullable var result: Result?
    @Nullable var error: Failure?

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
    @Nullable var startsAt: String?
    @Nullable var expectedAt: String?
    let position: Int
    @Nullable var webhook: Webhook?

    init(_ view: JobView, at site: Site) {
        let job = view.job
        jobID = job.id.description
        status = job.status
        createdAt = job.createdAt.iso8601
        completedAt = job.finishedAt?.iso8601
        result =
            job.state == .completed
            ? Result(urls: job.urls, keptUrls: job.urls.map { view.copy(of: $0, at: site) })
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
                state: submission.state.rawValue, route: submission.route, kreaStatus: submission.kreaStatus, urls: submission.urls,
                error: submission.failure.map(Failure.init))
        }
        message = view.message
        warnings = job.warnings.map(\.sentence)
        startsAt = view.startsAt?.iso8601
        expectedAt = view.expectedAt?.iso8601
        position = view.position
        webhook = job.announcement.map { announcement in
            Webhook(
                url: announcement.url, state: announcement.state.rawValue, attempts: announcement.attempts,
                nextAttemptAt: announcement.nextAttemptAt?.iso8601)
        }
    }
}
