import HTTPTypes
import Jobs

/// Examples for the document, made by the code that makes the real answers.
enum Example {
    static let request: JSONValue = [
        "prompt": "a lighthouse at dusk", "model": "flux", "width": 1024, "height": 768, "steps": 30,
    ]
    static let smallRequest: JSONValue = ["prompt": "a lighthouse at dusk"]
    static let olderRequest: JSONValue = [
        "prompt": "a lighthouse at dusk", "batchSize": 2, "aspectRatio": "16:9", "imageUrls": ["https://example.org/sketch.png"],
    ]
    static let requestKey: JSONValue = "8e03978e-40d5-43dd-bc93-6894a57f9324"

    /// A request for a model, as a program written for Krea sends it.
    static func request(for model: Model) -> JSONValue {
        guard model.defaultSteps != nil else { return ["prompt": "a lighthouse at dusk", "aspect_ratio": "16:9"] }
        return ["prompt": "a lighthouse at dusk", "width": 1024, "height": 768, "steps": 30]
    }

    static func job(_ change: (inout Submission) -> Void = { _ in }) throws -> JSONValue {
        try value(JobJSON(view(change), at: links))
    }

    static func completed(_ submission: inout Submission) {
        submission.state = .completed
        (submission.startedAt, submission.finishedAt) = (start, start + .seconds(42))
        submission.route = Model.named("flux")?.routes[0].path
        submission.kreaStatus = "completed"
        submission.urls = ["https://gen.krea.ai/images/9d3f6b0e-4f0b-4c6e-8f5a-0a4c4be0f2a1.png"]
    }

    static func cancelled(_ submission: inout Submission) {
        submission.state = .cancelled
        submission.finishedAt = start
        submission.failure = JobFailure(.cancelledBefore)
    }

    static func running(_ submission: inout Submission) {
        submission.state = .running
        (submission.startedAt, submission.nextPollAt) = (start, start + .seconds(6))
        submission.route = Model.named("flux")?.routes[0].path
        submission.kreaStatus = "processing"
    }

    static func list() throws -> JSONValue {
        ["items": [try job(completed)], "next_cursor": .null]
    }

    static func problem(_ refusal: Refusal) throws -> JSONValue {
        try value(ProblemJSON(refusal, at: links))
    }

    private static func value(_ value: some JSONWritable) throws -> JSONValue {
        try JSONReader.value(of: JSONWriter.bytes(of: value), maximumDepth: 8)
    }

    static func view(_ change: (inout Submission) -> Void) throws -> JobView {
        let valid = try GenerationRequest.validate(request.members ?? [:])
        var submissions = valid.submissions
        change(&submissions[0])
        var generator = SystemRandomNumberGenerator()
        let job = Job(
            id: JobID("5f8e7c12-3a4b-4c5d-8e6f-7a8b9c0d1e2f") ?? .random(using: &generator), request: valid.request,
            client: Client(key: "example"), createdAt: start, submissions: submissions)
        return JobView(QueuedJob(job: job, position: 0, pace: Pace()), now: start, rules: PaceRules())
    }

    private static let links = Links(mount: "", settings: Application.Settings())
    /// 2026-11-22T16:42:00Z
    private static let start = Timestamp(milliseconds: 1_795_365_720_000)
}
