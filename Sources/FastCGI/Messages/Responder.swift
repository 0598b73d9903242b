public import HTTPTypes

/// What answers a request: a head, the body or its beginning, and what brings the rest of the body if that comes later.
///
/// Called on a worker thread, on several at once, and may block. The request has the raw request target as `path`, the host as
/// `authority`, `https` or `http` as `scheme`; the body is complete. An error that it throws is logged with its type and description (never
/// the body) and answered through the ``ProblemPage`` as 500 `internal_error`.
public typealias Responder =
    @Sendable (_ request: HTTPRequest, _ variables: CGIVariables, _ body: [UInt8]) throws -> (HTTPResponse, [UInt8], BodyStream?)

/// What brings the rest of a body bit by bit.
///
/// Called once, on the worker thread that answers, which it holds as long as it takes; not called where no body follows, as to HEAD.
/// `write` hands bytes to the web server at once. It is false when nobody wants more: the reader has gone, which shows only when something
/// is written, or the server is stopping.
public typealias BodyStream = (_ write: (_ bytes: [UInt8]) -> Bool) -> Void
