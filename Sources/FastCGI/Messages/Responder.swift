public import Answers
public import HTTPTypes

/// Answers a request.
///
/// Called on a worker thread, on several at once, and may block. The request has the raw request target as `path`, the host as
/// `authority`, `https` or `http` as `scheme`; the body is complete. `mayWait` is false while as many requests are held as may be: an answer
/// with a wait is then ended at once, so the responder should give a whole one. An error that it throws is logged with its type and
/// description (never the body) and answered through the ``ProblemPage`` as 500 `internal_error`.
public typealias Responder =
    @Sendable (_ request: HTTPRequest, _ variables: CGIVariables, _ body: [UInt8], _ mayWait: Bool) throws -> Answer
