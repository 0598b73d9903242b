/// What the archiver needs of the store: which pictures to fetch, and which files nobody needs any more.
///
/// As with calls to Krea, a claim is granted only to the present dispatcher, and what a former one brings is refused with ``LeadershipLost``.
public protocol PictureStore: Sendable {
    /// Takes the right to fetch once a picture that is due, the newest first. Every picture of a submission that has completed is due at
    /// once.
    ///
    /// None is fetched while Krea wants silence: the hosts of pictures are others than the API's, but they are Krea's, and people see the
    /// picture there meanwhile.
    func claimPicture(by epoch: Int, at now: Timestamp) throws -> PictureClaim

    /// Records how a claimed fetch ended. When its address has expired, Krea is asked once for the job's present ones; see
    /// ``Submission/planRefresh(at:rules:)``. A copy whose job was removed meanwhile is not needed; see ``removeUnneededFiles(by:_:)``.
    ///
    /// - Returns: The picture as it is now; nil when its job was removed.
    /// - Throws: ``LeadershipLost``
    @discardableResult
    func recordPicture(
        _ result: Result<KeptPicture, PictureFailure>, for fetch: PictureFetch, at now: Timestamp
    ) throws -> Picture?

    /// Calls `remove` for files that belonged to pictures that were removed with their jobs, or that were suspected, and that no picture has.
    ///
    /// No picture can get one of them before this has returned. When the process dies in the middle, the rest, and perhaps some
    /// once more, come the next time.
    ///
    /// - Parameter remove: Removes a file; that it is not there is no error.
    /// - Returns: Whether there are more.
    /// - Throws: ``LeadershipLost``
    func removeUnneededFiles(by epoch: Int, _ remove: (PictureFile) -> Void) throws -> Bool

    /// Lets files be removed that were found, unless a picture has them.
    ///
    /// - Throws: ``LeadershipLost``
    func suspectFiles(_ files: [PictureFile], by epoch: Int) throws
}

/// The answer to an archiver that wants to fetch a picture.
public enum PictureClaim: Hashable, Sendable {
    /// This one shall be fetched now, once.
    case granted(PictureFetch)
    /// There is one to fetch, but not before this moment.
    case notBefore(Timestamp)
    /// There is nothing to fetch.
    case nothing
}

/// One attempt to fetch a picture.
public struct PictureFetch: Hashable, Sendable {
    /// Names the picture in the store.
    public let id: Int64
    /// The dispatcher that may fetch it.
    public let epoch: Int
    /// The job that it belongs to.
    public let job: JobID
    /// Krea's address of it.
    public let url: String
    /// Which attempt this is.
    public let attempt: Int

    /// An attempt.
    public init(id: Int64, epoch: Int, job: JobID, url: String, attempt: Int) {
        self.id = id
        self.epoch = epoch
        self.job = job
        self.url = url
        self.attempt = attempt
    }
}

/// Where the copies are.
public protocol PictureArchive: Sendable {
    /// Fetches a picture and keeps a copy, which is whole and durable when this returns.
    ///
    /// Ends early, without a copy, when its task is cancelled.
    func fetch(_ url: String) async throws(PictureFailure) -> KeptPicture

    /// Removes a copy; nothing happens when it is not there. Blocks, and may be called from any thread.
    func remove(_ file: PictureFile) throws

    /// The copies that were made before `moment`. Removes what interrupted fetches have left behind. To be called while none is made.
    func tidy(before moment: Timestamp) async throws -> [PictureFile]
}
