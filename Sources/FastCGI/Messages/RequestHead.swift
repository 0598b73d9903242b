import Glibc
import HTTPTypes

/// What the parameters of a FastCGI request say, as HTTP (FastCGI specification, section 6.2; RFC 3875, section 4.1).
///
/// Parameters are read once, in order, and only what is used is copied. A value that is sent empty counts as not sent: nginx sends
/// its unset variables so. Nothing goes into the environment of the process (`HTTP_PROXY`).
///
/// Bytes that are not UTF-8 are never repaired: two different values would become one. A request target gets them percent-encoded, which
/// means the same (RFC 3986, section 2.1); the name of a user is encoded so that no two names become one; what else is not UTF-8 is not there.
struct RequestHead {
    var request = HTTPRequest(method: .get, scheme: "http", authority: nil, path: nil)
    var variables = CGIVariables()
    var contentLength = ContentLength.unknown
    /// The web server's name for the request (`REQUEST_ID`), if it gave a usable one. A client's `X-Request-ID` names nothing: it could be
    /// that of another request in the log.
    var requestID: String?
    /// Why this is no HTTP request, if it is none.
    var refusal: RefusedRequest?

    private var method: HTTPRequest.Method?
    private var script: [UInt8] = []
    private var pathInfo: [UInt8] = []
    private var query = ""

    /// Reads `NAME=value` strings up to the null pointer that ends them.
    init(parameters: UnsafePointer<UnsafeMutablePointer<CChar>?>) {
        var next = parameters
        while let parameter = next.pointee {
            if let equals = strchr(parameter, Int32(UInt8(ascii: "="))), equals[1] != 0 {
                take(
                    UnsafeRawBufferPointer(start: parameter, count: equals - parameter),
                    UnsafeRawBufferPointer(start: equals + 1, count: strlen(equals + 1)))
            }
            next += 1
        }
        if let method {
            request.method = method
        } else {
            refusal = .badRequest("The request has no valid method.")
        }
        if request.path == nil {
            request.path = rebuiltTarget
        }
    }

    private mutating func take(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        if UnsafeRawBufferPointer(rebasing: name.prefix(5)).equals("HTTP_") {
            takeField(UnsafeRawBufferPointer(rebasing: name.dropFirst(5)), value)
        } else if name.equals("REQUEST_METHOD") {
            method = HTTPRequest.Method(String(decoding: value, as: UTF8.self))
        } else if name.equals("REQUEST_URI") {
            request.path = EncodedBytes.target(value)
        } else if name.equals("CONTENT_LENGTH") {
            // The last of two counts, for the field too, which says what the body was held to.
            contentLength = ContentLength(parsing: value)
            request.headerFields[.contentLength] = nil
            if contentLength != .unknown {
                request.headerFields.append(HTTPField(name: .contentLength, value: value))
            }
        } else if name.equals("CONTENT_TYPE") {
            request.headerFields.append(HTTPField(name: .contentType, value: value))
        } else if name.equals("HTTPS") {
            // IIS's heirs say "off" where others say nothing.
            request.scheme = value.equals("off") ? "http" : "https"
        } else if name.equals("SCRIPT_NAME") {
            variables.scriptName = String(utf8: value)
            script = Array(value)
        } else if name.equals("REMOTE_ADDR") {
            variables.remoteAddress = String(utf8: value)
        } else if name.equals("REMOTE_USER") {
            variables.remoteUser = EncodedBytes.name(value)
        } else if name.equals("REQUEST_ID") {
            if RequestID.isUsable(value) { requestID = String(decoding: value, as: UTF8.self) }
        } else if name.equals("PATH_INFO") {
            pathInfo = Array(value)
        } else if name.equals("QUERY_STRING") {
            query = EncodedBytes.target(value)
        }
    }

    /// Takes a header field of the client; `name` is written as CGI does, without `HTTP_`. A name that is no field name is skipped.
    private mutating func takeField(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        if name.equals("HOST") {
            request.authority = String(utf8: value)
            return
        }
        // nginx sends these twice: as the client's fields, and checked as CGI variables of their own.
        if name.equals("CONTENT_LENGTH") || name.equals("CONTENT_TYPE") { return }
        guard let fieldName = FieldNames.name(spelled: name) else { return }
        request.headerFields.append(HTTPField(name: fieldName, value: value))
    }

    /// The request target of a server that does not send REQUEST_URI: SCRIPT_NAME and PATH_INFO are decoded, so they are encoded again.
    private var rebuiltTarget: String {
        let path = EncodedBytes.path(script + pathInfo)
        return (path.isEmpty ? "/" : path) + (query.isEmpty ? "" : "?\(query)")
    }
}
