import Jobs

/// A job for programs: Krea's own five members, and ours.
struct JobJSON: Encodable {
    struct Result: Encodable {
        let urls: [String]
    }

    struct Failure: Encodable {
        let code: String
        let message: String
        /// Krea's own words.
        let detail: String?

        init(_ failure: JobFailure) {
            code = failure.code.rawValue
            message = failure.message
            detail = failure.detail
        }
    }

    /// What was asked for besides model, prompt and images (which can be as long as a picture).
    struct Request: Encodable {
        let width: Int?
        let height: Int?
        let batchSize: Int?
        let aspectRatio: String?
        let steps: Int?
    }

    /// One of the jobs at Krea that shall bring the pictures.
    struct Part: Encodable {
        let state: String
        @Nullable var kreaStatus: String?
        let urls: [String]
        @Nullable var error: Failure?
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
    let model: String
    let prompt: String
    let request: Request
    let parts: [Part]
    let message: String
    let warnings: [String]
    @Nullable var startsAt: String?
    @Nullable var expectedAt: String?
    let position: Int

    init(_ view: JobView) {
        let job = view.job
        jobID = job.id.description
        status = job.status
        createdAt = job.createdAt.iso8601
        completedAt = job.finishedAt?.iso8601
        result = job.state == .completed ? Result(urls: job.urls) : nil
        error = job.failure.map(Failure.init)
        state = job.state.rawValue
        cancelRequested = job.isCancelWanted
        model = job.request.model.name
        prompt = job.request.prompt
        request = Request(
            width: job.request.width, height: job.request.height, batchSize: job.request.batchSize,
            aspectRatio: job.request.aspectRatio, steps: job.request.steps)
        parts = job.submissions.map { submission in
            Part(
                state: submission.state.rawValue, kreaStatus: submission.kreaStatus, urls: submission.urls,
                error: submission.failure.map(Failure.init))
        }
        message = view.message
        warnings = job.warnings
        startsAt = view.startsAt?.iso8601
        expectedAt = view.expectedAt?.iso8601
        position = view.position
    }
}
