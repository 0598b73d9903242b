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
        let status = response.status.code
        let isBodiless = status == 204 || status == 304
        hasBody = method != .head && !isBodiless

        buffer += "Status: ".utf8
        buffer += String(status).utf8
        if !response.status.reasonPhrase.isEmpty {
            buffer.append(UInt8(ascii: " "))
            buffer += response.status.reasonPhrase.utf8
        }
        buffer += "\r\n".utf8
        var needsLength = !isBodiless
        for field in response.headerFields where field.name != RequestID.field {
            if field.name == .contentLength {
                guard !hasBody, bodyCount != nil else { continue }
                needsLength = false
            }
            buffer += field.name.rawName.utf8
            buffer += ": ".utf8
            field.withUnsafeBytesOfValue { buffer += $0 }
            buffer += "\r\n".utf8
        }
        buffer += RequestID.field.rawName.utf8
        buffer += ": ".utf8
        buffer += id.utf8
        buffer += "\r\n".utf8
        if needsLength, let bodyCount {
            buffer += "Content-Length: ".utf8
            buffer += String(bodyCount).utf8
            buffer += "\r\n".utf8
        }
        buffer += "\r\n".utf8
    }
}
