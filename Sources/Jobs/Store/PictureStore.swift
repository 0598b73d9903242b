/// What the picture fetcher needs of the store: which pictures to fetch, and which files are no longer needed.
///
/// As with calls to Krea, a claim is granted only to the present dispatcher, and what an earlier one brings is refused with ``LeadershipLost``.
public protocol PictureStore: Sendable {
    /// Takes the right to fetch once a picture that is due, the newest first. Every picture of a submission that has completed is due at
    /// once.
    ///
    /// None is fetched while Krea wants silence: pictures are on other hosts than the API, but these are Krea's too, and people see the
    /// picture there meanwhile.
    func claimPicture(by epoch: Int, at now: Timestamp) throws -> Claim<PictureFetch>

    /// Records how a claimed fetch ended. When its address has expired, Krea is asked once for the job's present ones; see
    /// ``Submission/planRefresh(at:rules:)``. A copy whose job was removed meanwhile is not needed; see ``removeUnneededFiles(by:_:)``.
    ///
    /// - Returns: The picture as it is now; nil when its job was removed.
    /// - Throws: ``LeadershipLost``
    @discardableResult
    func recordPicture(
        _ result: Result<KeptPicture, PictureFailure>, for fetch: PictureFetch, at now: Timestamp
    ) throws -> Picture?

    /// Calls `remove` for files that no picture has and that belonged to pictures of removed jobs, or were suspected.
    ///
    /// No picture can get one of them before this has returned. If the process dies in the middle, the rest, and perhaps some
    /// again, come the next time.
    ///
    /// - Parameter remove: Removes a file; a file that is not there is no error.
    /// - Returns: Whether there are more.
    /// - Throws: ``LeadershipLost``
    func removeUnneededFiles(by epoch: Int, _ remove: (PictureFile) -> Void) throws -> Bool

    /// Lets files be removed that were found, unless a picture has them.
    ///
    /// - Throws: ``LeadershipLost``
    func suspectFiles(_ files: [PictureFile], by epoch: Int) throws
}
