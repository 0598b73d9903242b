public import Jobs

/// Where pictures come from: the seam between what is kept and what carries it.
public protocol PictureSource: Sendable {
    /// Asks for the picture at `url`, once, and returns when its first bytes can be read.
    ///
    /// - Throws: ``PictureFailure`` for every answer but a whole-hearted one.
    func open(_ url: String) async throws(PictureFailure) -> any PictureBytes
}

/// The bytes of a picture on their way.
public protocol PictureBytes: AnyObject {
    /// The next of them, at least one; nil after the last.
    ///
    /// - Throws: ``PictureFailure`` when there are too many or they stop too early. Nothing more comes then.
    func next() async throws(PictureFailure) -> [UInt8]?
}
