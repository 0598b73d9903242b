import HTTPTypes

/// The head of a CGI response and whether a body follows (RFC 3875, section 6; RFC 9110, sections 6.4.1 and 8.6).
struct ResponseHead {
    let response: HTTPResponse
    /// Whether a body may follow: not to HEAD, not with 204 or 304.
    let hasBody: Bool
    private let isBodiless: Bool

    init(of response: HTTPResponse, to method: HTTPRequest.Method) {
        self.response = response
        isBodiless = response.status.code == 204 || response.status.code == 304
        hasBody = method != .head && !isBodiless
    }

    /// Writes the head, up to and with the empty line.
    ///
    /// Where a body follows, Content-Length is always its own length: a wrong one would cut the answer or hold it up. To HEAD it is
    /// the responder's field, else the length of the body that GET would have had; with 204 and 304 only what the responder gives.
    ///
    /// The request's ID is written here and not set in the response, whose fields many answers may share.
    ///
    /// - Parameter bodyCount: Nil for a body that comes bit by bit; its length is not known, so none is sent.
    func write(id: String, bodyCount: Int?, to records: inout OutputRecords) {
        records.put("Status: ")
        records.put(String(response.status.code))
        if !response.status.reasonPhrase.isEmpty {
            records.put(" ")
            records.put(response.status.reasonPhrase)
        }
        records.put("\r\n")
        var needsLength = !isBodiless
        for field in response.headerFields where field.name != RequestID.field {
            if field.name == .contentLength {
                guard !hasBody, bodyCount != nil else { continue }
                needsLength = false
            }
            records.put(field.name.rawName)
            records.put(": ")
            field.withUnsafeBytesOfValue { records.put(UnsafeRawBufferPointer($0)) }
            records.put("\r\n")
        }
        records.put("X-Request-ID: ")
        records.put(id)
        records.put("\r\n")
        if needsLength, let bodyCount {
            records.put("Content-Length: ")
            records.put(String(bodyCount))
            records.put("\r\n")
        }
        records.put("\r\n")
    }
}
