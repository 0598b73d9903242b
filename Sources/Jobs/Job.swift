/// What a person asked for, and how far it is.
public struct Job: Hashable, Sendable, Identifiable {
    /// Our name for it.
    public let id: JobID
    /// What was asked for.
    public let request: GenerationRequest
    /// Who asked, see ``Client``.
    public let client: Client
    /// What had to be said about the request.
    public let requestWarnings: [String]
    /// When it was accepted.
    public let createdAt: Timestamp
    /// The paid job at Krea that shall bring the pictures.
    public var submission: Submission

    /// A job; one that was just accepted waits.
    public init(
        id: JobID, request: GenerationRequest, client: Client, requestWarnings: [String] = [], createdAt: Timestamp,
        submission: Submission = Submission()
    ) {
        self.id = id
        self.request = request
        self.client = client
        self.requestWarnings = requestWarnings
        self.createdAt = createdAt
        self.submission = submission
    }

    /// Where it stands: a job is where its submission is.
    public var state: JobState { submission.state }

    /// Everything that has to be said to the person who asked.
    public var warnings: [String] { requestWarnings + submission.warnings }

    /// The status in Krea's words, as programs written for Krea read it.
    public var status: String {
        switch state {
        case .waiting: "backlogged"
        case .submitting, .unconfirmed: "queued"
        case .running: submission.kreaStatus ?? "queued"
        case .timedOut: "failed"
        case .completed, .failed, .cancelled: state.rawValue
        }
    }
}
