/// One of Krea's jobs, as Krea last described it.
public struct KreaJob: Hashable, Sendable {
    /// Krea's ID.
    public var id: String
    /// Krea's status word as it came. Krea knows nine; any other word means "not finished".
    public var status: String
    /// When Krea created it, by Krea's clock, if it said so.
    public var createdAt: Timestamp?
    /// The addresses of its pictures that may be shown.
    public var urls: [String]
    /// Addresses that may not be shown because of their hosts; some of them, if there are many.
    public var foreignURLs: [String]
    /// Why it failed, from wherever Krea put it.
    public var failure: JobFailure?
    /// What people have to be told about the answer, for instance that an address was left out.
    public var warnings: [Warning]

    /// A job as Krea described it.
    public init(
        id: String, status: String, createdAt: Timestamp? = nil, urls: [String] = [], foreignURLs: [String] = [],
        failure: JobFailure? = nil, warnings: [Warning] = []
    ) {
        self.id = id
        self.status = status
        self.createdAt = createdAt
        self.urls = urls
        self.foreignURLs = foreignURLs
        self.failure = failure
        self.warnings = warnings
    }
}
