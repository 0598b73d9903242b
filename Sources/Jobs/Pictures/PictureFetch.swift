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
