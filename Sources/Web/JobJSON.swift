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
    }

    /// What was asked for besides model, prompt and images (which can be as long as a picture).
    struct Request: Encodable {
        let width: Int?
        let height: Int?
        let batchSize: Int?
        let aspectRatio: String?
        let steps: Int?
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
    let message: String
    let warnings: [String]
    @Nullable var startsAt: String?
    @Nullable var expectedAt: String?
    let position: Int

    init(_ view: JobView) {
        let job = view.job
        let submission = job.submission
        jobID = job.id.description
        status = job.status
        createdAt = job.createdAt.iso8601
        completedAt = submission.finishedAt?.iso8601
        result = job.state == .completed ? Result(urls: submission.urls) : nil
        error = submission.failure.map { Failure(code: $0.code.rawValue, message: $0.message, detail: $0.detail) }
        state = job.state.rawValue
        cancelRequested = submission.isCancelWanted
        model = job.request.model.name
        prompt = job.request.prompt
        request = Request(
            width: job.request.width, height: job.request.height, batchSize: job.request.batchSize,
            aspectRatio: job.request.aspectRatio, steps: job.request.steps)
        message = view.message
        warnings = job.warnings
        startsAt = view.startsAt?.iso8601
        expectedAt = view.expectedAt?.iso8601
        position = view.position
    }
}
