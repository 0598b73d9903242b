public import Jobs

/// What is said of a job to a program that wanted to be told of its end: the JSON of `GET api/jobs/{id}` at that moment.
public struct JobMessage: Sendable {
    private let links: Links
    private let rules: PaceRules

    /// Messages of a service.
    ///
    /// - Parameters:
    ///   - publicURL: Where the service is for the world, with no slash at the end. Copies of pictures are named from there; without it
    ///     nobody could find them, and they are not named.
    ///   - keepsPictures: Whether there are copies of the pictures.
    public init(publicURL: String?, keepsPictures: Bool, rules: PaceRules) {
        links = Links(publicURL: publicURL ?? "", settings: Application.Settings(keepsPictures: keepsPictures && publicURL != nil))
        self.rules = rules
    }

    /// The message about a job.
    @Sendable public func body(_ queued: QueuedJob, now: Timestamp) -> [UInt8] {
        JSONWriter.bytes(of: JobJSON(JobView(queued, now: now, rules: rules), at: links))
    }
}
