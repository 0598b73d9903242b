import HTTPTypes

/// The head of a CGI response and whether a body follows (RFC 3875, section 6; RFC 9110, sections 6.4.1 and 8.6).
struct ResponseHead {
    /// Whether a body may follow: not to HEAD, not with 204 or 304.
    let hasBody: Bool

    /// Writes the head of `response`, up to and with the empty line. Whether the peer takes it shows with the next ``FCGXRequest/write(_:)``.
    ///
    /// Where a body follows, Content-Length is always its own length: a wrong one would cut the answer or hold it up. To HEAD it is
    /// the responder's field, else the length of the body that GET would have had; with 204 and 304 only what the responder gives.
    ///
    /// The request's ID is written here and not set in the response, whose fields many answers may share.
    ///
    /// - Parameter bodyCount: Nil for a body that comes bit by bit; nobody knows its length, so none is sent.
    init(of response: HTTPResponse, to method: HTTPRequest.Method, id: String, bodyCount: Int?, to library: FCGXRequest) {
        let status = response.status
        let isBodiless = status.code == 204 || status.code == 304
        hasBody = method != .head && !isBodiless

        library.put("Status: ")
        library.put(String(status.code))
        if !status.reasonPhrase.isEmpty {
            library.put(" ")
            library.put(status.reasonPhrase)
        }
        library.put("\r\n")
        var needsLength = !isBodiless
        for field in response.headerFields where field.name != RequestID.field {
            if field.name == .contentLength {
                guard !hasBody, bodyCount != nil else { continue }
                needsLength = false
            }
            library.put(field.name.rawName)
            library.put(": ")
            field.withUnsafeBytesOfValue { library.put($0) }
            library.put("\r\n")
        }
        library.put("X-Request-ID: ")
        library.put(id)
        library.put("\r\n")
        if needsLength, let bodyCount {
            library.put("Content-Length: ")
            library.put(String(bodyCount))
            library.put("\r\n")
        }
        library.put("\r\n")
    }
}
