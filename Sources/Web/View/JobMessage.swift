public import Jobs

/// The body of a webhook message at a job's end: the JSON of `GET api/jobs/{id}` at that moment.
public struct JobMessage: Sendable {
    private let links: Links
    private let rules: PaceRules

    /// The messages of a service.
    ///
    /// - Parameters:
    ///   - publicURL: The service's public address, without a slash at the end. Without it, messages do not name copies of pictures.
    ///   - keepsPictures: Whether pictures are copied.
    public init(publicURL: String?, keepsPictures: Bool, rules: PaceRules) {
        links = Links(publicURL: publicURL ?? "", settings: Application.Settings(keepsPictures: keepsPictures && publicURL != nil))
        self.rules = rules
    }

    /// The message about a job.
    @Sendable public func body(_ queued: QueuedJob, now: Timestamp) -> [UInt8] {
        JSONWriter.bytes(of: JobJSON(JobView(queued, now: now, rules: rules), at: links))
    }
}
