public import HTTPTypes

/// What a service answers: everything, a beginning, or nothing yet.
///
/// A whole answer, a long poll and a stream have this one shape: without ``wait`` it is the end; a long poll has a wait and no head yet; a
/// stream has a head, and each wait brings the next piece.
public struct Answer: Sendable {
    /// The head; nil if it was given before or comes later.
    public var response: HTTPResponse?
    /// The body, or the next piece of it. It goes out at once.
    public var body: [UInt8]
    /// What the rest waits for; nil at the end.
    public var wait: Wait?

    /// An answer of these parts.
    public init(_ response: HTTPResponse? = nil, _ body: [UInt8] = [], wait: Wait? = nil) {
        self.response = response
        self.body = body
        self.wait = wait
    }
}

/// What the rest of an answer waits for. It holds no thread.
public struct Wait: Sendable {
    /// Why the next piece is asked for.
    public enum Occasion: Sendable {
        /// The topic has changed, or, now and then, something else has.
        case changed
        /// The time is over.
        case due
        /// The server stops. What is given now is the last: a wait is ignored.
        case stopping
    }

    /// The number of the subject that has to change.
    public let topic: Int
    /// How long to wait at most.
    public let timeout: Duration
    /// Gives the next piece. Called by one thread at a time; may block as a responder may. What it captures is kept for as long as the
    /// request waits, so it should be small.
    public let next: @Sendable (Occasion) throws -> Answer

    /// Waits until `subject` changes, for at most `timeout`.
    public init(for subject: some Hashable, atMost timeout: Duration, next: @escaping @Sendable (Occasion) throws -> Answer) {
        topic = Self.topic(of: subject)
        self.timeout = timeout
        self.next = next
    }

    /// The number of a subject, the same in the whole process. Two subjects may share one: then a change of either wakes both.
    public static func topic(of subject: some Hashable) -> Int { subject.hashValue }
}
