import HTTPTypes

/// The simulator's reaction to a request: an answer and the way it is delivered.
struct Reaction: Sendable {
    enum Delivery: Sendable, Equatable {
        case whole
        /// The connection closes without a byte.
        case cut
        /// The head announces the whole body, but the connection closes after half of it.
        case truncated
        /// The body comes in pieces of this many bytes, with this many milliseconds before each.
        case dripping(bytes: Int, every: Int64)
        /// The body repeats for ever, without a length.
        case endless
        /// This many bytes of the body come at once, the rest after a day.
        case held(after: Int)
    }

    var answer: Answer
    /// The delay before the answer starts, in milliseconds.
    var delay: Int64 = 0
    var delivery = Delivery.whole
    /// Webhooks to send before the answer starts.
    var webhooks: [Webhook] = []

    /// Whether the request carried a known token.
    var authorised = false
    /// The job of the request.
    var jobID: String?
    /// The prompt of that job, or of a refused submission.
    var prompt: String?

    init(_ answer: Answer) { self.answer = answer }

    var response: HTTPResponse {
        get { answer.response }
        set { answer.response = newValue }
    }

    var body: [UInt8] {
        get { answer.body }
        set { answer.body = newValue }
    }
}
