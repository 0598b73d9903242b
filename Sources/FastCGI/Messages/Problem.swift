public import HTTPTypes

/// Something that the transport has to answer by itself.
public struct Problem: Sendable, Equatable {
    /// The status of the answer.
    public var status: HTTPResponse.Status
    /// A word for programs: `bad_request`, `length_required`, `body_too_large`, `request_timeout` or `internal_error`.
    public var code: String
    /// One sentence for people; says nothing of the inside.
    public var sentence: String
    /// Names this answer in the log.
    public var requestID: String

    /// Makes a problem of its parts.
    public init(status: HTTPResponse.Status, code: String, sentence: String, requestID: String) {
        self.status = status
        self.code = code
        self.sentence = sentence
        self.requestID = requestID
    }
}

/// Turns a problem into an answer, so that the pages decide how errors look.
///
/// Called on a worker thread. Of a request that could not be understood, what was understood is given, with `GET` in place of a
/// method that is none.
public typealias ProblemPage = @Sendable (_ request: HTTPRequest, _ problem: Problem) -> (HTTPResponse, [UInt8])
