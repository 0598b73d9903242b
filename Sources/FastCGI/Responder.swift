public import HTTPTypes

/// What answers a request.
///
/// Called on a worker thread, on several at once, and may block. The request has the raw request target as `path`, the host as
/// `authority`, `https` or `http` as `scheme`; `variables` are the CGI variables that have no HTTP field, those of ``CGIVariable``
/// that were sent and are not empty; the body is complete. An error that it throws is logged with its type and description (never
/// the body) and answered through the ``ProblemPage`` as 500 `internal_error`.
public typealias Responder =
    @Sendable (_ request: HTTPRequest, _ variables: [String: String], _ body: [UInt8]) throws -> (HTTPResponse, [UInt8])
