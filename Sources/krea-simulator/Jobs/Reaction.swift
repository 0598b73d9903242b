import HTTPTypes

/// What the simulator does about a request: the answer, and how it gets to the client.
struct Reaction: Sendable {
    enum Delivery: Sendable, Equatable {
        case whole
        /// The connection is closed and not one byte was answered.
        case cut
        /// The head promises the whole body, half of it comes, then the connection is closed.
        case truncated
        /// The body in pieces of so many bytes, a pause of so many milliseconds before each.
        case dripping(bytes: Int, every: Int64)
        /// The body comes again and again, without a length.
        case endless
        /// So many bytes of the body come at once, and for a day no more.
        case held(after: Int)
    }

    var answer: Answer
    /// Milliseconds before the answer starts.
    var delay: Int64 = 0
    var delivery = Delivery.whole
    /// Webhooks that must have been sent before the answer starts.
    var webhooks: [Webhook] = []

    /// Whether the request carried a token that is known.
    var authorised = false
    /// The job that the request was about.
    var jobID: String?
    /// The prompt of that job, or of a submission that was refused.
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
