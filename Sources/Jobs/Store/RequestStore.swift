/// What the pages need of the store.
///
/// As with all protocols of stores, every method is one transaction: when it returns, its change is whole and durable (what records money
/// survives a loss of power), and when it throws, nothing has changed. Methods block and may be called from any thread; async code calls
/// them where a thread may wait. Besides the errors named below, every method throws ``StoreUnavailable`` (a full disk, a lock held too
/// long) and what else its storage throws.
public protocol RequestStore: Sendable {
    /// The pace that the store keeps.
    var rules: PaceRules { get }
    /// How many jobs may wait.
    var limits: QueueLimits { get }
    /// What has been committed so far, by any process; nil when the store cannot tell.
    ///
    /// What was read after a version was taken is still right while the version is the same. Never waits, and costs next to nothing.
    var version: StoreVersion? { get }

    /// Reads something small. Throws when the store cannot be read, for whatever reason.
    func proveReadable() throws

    /// Keeps a new job and puts it at the end of the queue, if the queue has room and the day's limits are kept.
    ///
    /// A picture counts for the day on which its job was accepted, money for the day on which the paid call was claimed; what waits counts
    /// for today. What certainly costs nothing does not count, nor does a job that is not kept.
    ///
    /// - Parameter key: Names the request. Within 24 hours the same key with an equal request and the same address to tell returns the
    ///   first job and keeps nothing; with another request it is a conflict.
    func accept(_ job: Job, key: String?) throws -> Acceptance

    /// What a client has left today under ``QueueLimits/daily``.
    func allowance(of client: Client, at now: Timestamp) throws -> Allowance

    /// The job with this ID; nil when there is none, or it was removed.
    func job(_ id: JobID) throws -> QueuedJob?

    /// The job again whose `request` is known: it never changes and can have a megabyte, so it is not read another time.
    func job(_ id: JobID, of request: GenerationRequest) throws -> QueuedJob?

    /// Whether there was a job with this ID that was removed because of its age.
    func wasRemoved(_ id: JobID) throws -> Bool

    /// The jobs that `query` asks for, newest first.
    func jobs(_ query: JobQuery) throws -> JobPage

    /// Krea's routes, as far as they are known.
    func catalogue() throws -> Catalogue

    /// Cancels a job, or marks it to be cancelled at Krea; see ``Job/cancel(at:)``.
    ///
    /// - Throws: ``AlreadyFinished``, ``UnknownJob``.
    func cancel(_ id: JobID, at now: Timestamp) throws -> QueuedJob

    /// Lets Krea be asked again for a job that it may still bring; see ``Job/resume(at:rules:)``.
    ///
    /// - Throws: ``IllegalTransition`` for any other job, ``UnknownJob``.
    func resume(_ id: JobID, at now: Timestamp) throws -> QueuedJob

    /// Notes that Krea has called the address that ends with `key`; see ``Submission/noteKreaWebhook(at:rules:)``.
    ///
    /// - Returns: The job whose submission changed by that; nil when none did, known key or not.
    func noteKreaWebhook(_ key: WebhookKey, at now: Timestamp) throws -> JobID?
}

/// There is no job with this ID.
public struct UnknownJob: Error, Hashable, Sendable {
    /// The ID.
    public let id: JobID

    /// An ID that no job has.
    public init(id: JobID) {
        self.id = id
    }
}
