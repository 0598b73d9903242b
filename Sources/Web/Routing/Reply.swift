import Answers
import HTTPTypes
import PlainText

/// An answer, perhaps still without the headers that every answer has.
struct Reply {
    var status: HTTPResponse.Status
    var fields: HTTPFields
    /// The whole body, or its beginning.
    var body: [UInt8]
    /// What the rest waits for; nil if there is none.
    var wait: Wait?
    /// Whether it has a head; without, all of it comes after the wait.
    private(set) var hasHead = true
    /// Whether it has the headers that every answer has.
    var hasCommonFields = false

    /// An answer from a cache.
    init(_ status: HTTPResponse.Status, _ fields: HTTPFields, body: [UInt8], hasCommonFields: Bool) {
        self.status = status
        self.fields = fields
        self.body = body
        self.hasCommonFields = hasCommonFields
    }

    /// A page. It must not be cached: it may show a prompt, and its address may hold a job ID.
    init(_ status: HTTPResponse.Status = .ok, page: HTML) {
        self.init(status, type: "text/html; charset=utf-8", body: Array(page.source.utf8))
    }

    /// An answer for programs.
    init(_ status: HTTPResponse.Status = .ok, json: some JSONWritable) {
        self.init(status, type: "application/json", body: JSONWriter.bytes(of: json))
    }

    /// A line of text.
    init(_ status: HTTPResponse.Status = .ok, text: String) {
        self.init(status, type: "text/plain; charset=utf-8", body: Array("\(text.printable)\n".utf8))
    }

    /// Lines of text in their format.
    init(_ status: HTTPResponse.Status = .ok, text: String, as format: Format) {
        self.init(status, type: "\(format.mediaType); charset=utf-8", body: Array(text.utf8))
    }

    /// A drawing, which may also be opened by itself.
    init(_ status: HTTPResponse.Status, svg: HTML) {
        self.init(status, type: "image/svg+xml", body: Array(svg.source.utf8))
        fields[.contentSecurityPolicy] = PlaceholderImage.policy
    }

    /// A temporary redirect (RFC 9110, section 15.4.3).
    init(found location: String) {
        self.init(.found, type: nil, body: [])
        fields[.location] = location
    }

    /// A redirect after a change (RFC 9110, section 15.4.4).
    init(seeOther location: String) {
        self.init(.seeOther, type: nil, body: [])
        fields[.location] = location
    }

    /// An answer that has not begun yet.
    init(held wait: Wait) {
        self.init(.ok, type: nil, body: [])
        hasHead = false
        self.wait = wait
    }

    /// The beginning of an answer that comes bit by bit.
    init(stream type: String, body: [UInt8]) {
        self.init(.ok, type: type, body: body)
        // nginx would keep it back until it has a whole buffer.
        fields[.accelBuffering] = "no"
    }

    /// The status and the headers.
    var response: HTTPResponse { HTTPResponse(status: status, headerFields: fields) }

    /// Done, without a body (RFC 9110, section 15.3.5).
    static var nothing: Reply { Reply(.noContent, type: nil, body: []) }

    /// Tells caches that the answer depends on this request header (RFC 9110, section 12.5.5).
    mutating func vary(by field: HTTPField.Name) {
        fields[.vary] = (fields[.vary].map { "\($0), " } ?? "") + field.rawName
    }

    /// The answer with the headers of a refusal.
    func with(_ refusal: Refusal) -> Reply {
        var reply = self
        refusal.addHeaders(to: &reply)
        return reply
    }

    private init(_ status: HTTPResponse.Status, type: String?, body: [UInt8]) {
        self.status = status
        self.fields = HTTPFields()
        self.body = body
        fields[.contentType] = type
        fields[.cacheControl] = "no-store"
    }
}

extension HTTPField.Name {
    /// nginx, ngx_http_fastcgi_module, `fastcgi_buffering`.
    fileprivate static let accelBuffering = HTTPField.Name("X-Accel-Buffering")!
}
