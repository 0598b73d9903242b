import HTTPTypes

/// The head of a CGI response and whether a body follows (RFC 3875, section 6; RFC 9110, sections 6.4.1 and 8.6).
struct ResponseHead {
    /// Whether a body may follow: not to HEAD, not with 204 or 304.
    let hasBody: Bool

    /// Appends the head of `response` to `buffer`, up to and with the empty line.
    ///
    /// Where a body follows, Content-Length is always its own length: a wrong one would cut the answer or hold it up. To HEAD it is
    /// the responder's field, else the length of the body that GET would have had; with 204 and 304 only what the responder gives.
    ///
    /// The request's ID is written here and not set in the response, whose fields many answers may share.
    ///
    /// - Parameter bodyCount: Nil for a body that comes bit by bit; nobody knows its length, so none is sent.
    init(of response: HTTPResponse, to method: HTTPRequest.Method, id: String, bodyCount: Int?, into buffer: inout [UInt8]) {
        let status = response.status
        let isBodiless = status.code == 204 || status.code == 304
        hasBody = method != .head && !isBodiless

        buffer.append("Status: ")
        buffer.append(String(status.code))
        if !status.reasonPhrase.isEmpty {
            buffer.append(" ")
            buffer.append(status.reasonPhrase)
        }
        buffer.append("\r\n")
        var needsLength = !isBodiless
        for field in response.headerFields where field.name != RequestID.field {
            if field.name == .contentLength {
                guard !hasBody, bodyCount != nil else { continue }
                needsLength = false
            }
            buffer.append(field.name.rawName)
            buffer.append(": ")
            field.withUnsafeBytesOfValue { buffer.append(contentsOf: $0) }
            buffer.append("\r\n")
        }
        buffer.append("X-Request-ID: ")
        buffer.append(id)
        buffer.append("\r\n")
        if needsLength, let bodyCount {
            buffer.append("Content-Length: ")
            buffer.append(String(bodyCount))
            buffer.append("\r\n")
        }
        buffer.append("\r\n")
    }
}
