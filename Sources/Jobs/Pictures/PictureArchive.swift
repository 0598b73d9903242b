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
