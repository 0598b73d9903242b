public import Jobs

/// Where pictures come from. Tests put their own in place of HTTP.
public protocol PictureSource: Sendable {
    /// Requests the picture at `url` once, and returns when its first bytes can be read.
    ///
    /// - Throws: ``PictureFailure`` unless the answer is a plain success.
    func open(_ url: String) async throws(PictureFailure) -> any PictureBytes
}

/// The bytes of a picture in transfer.
public protocol PictureBytes: AnyObject {
    /// The next bytes, at least one; nil after the last.
    ///
    /// - Throws: ``PictureFailure`` if there are too many, or they stop too early. Nothing more comes then.
    func next() async throws(PictureFailure) -> [UInt8]?
}
