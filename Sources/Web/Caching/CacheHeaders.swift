import HTTPTypes
import Jobs

/// What may be kept of an answer for programs, and how it is recognised again.
extension Reply {
    /// The headers of a job that is read.
    ///
    /// A running job may be kept by any cache to the second of its next possible change: whoever knows the address may read the job. A
    /// finished one is for the asker only, since it would stay in a cache for long; one that timed out, or whose end is still being told,
    /// may change, and so does one of whose pictures there will be copies.
    ///
    /// The web server's own cache is told more exactly (`X-Accel-Expires`), in seconds of the clock, to the end of the present one: anybody
    /// may cancel the job at any moment, and everybody shall see that within a second. Thousands who ask then cost one read a second. While
    /// one is made, the former answer is good enough for the others (RFC 5861, section 3).
    ///
    /// No shared cache, which does not ask who asks, may keep a user's job, nor any where a user is required, nor one with what only its
    /// owner may know.
    mutating func addHeaders(of view: JobView, _ settings: Application.Settings, isForOwner: Bool = false) {
        let keepsPictures = settings.keepsPictures
        let isForEverybody = !view.job.client.isUser && !settings.requiresUser && !(isForOwner && view.job.delivery != nil)
        let isSettled = view.isSettled(keepsPictures: keepsPictures)
        // nginx goes by the one of the two that comes first.
        fields[.cacheControl] = nil
        fields[.xAccelExpires] = !isForEverybody ? "0" : isSettled ? "3600" : "@\(view.now.second)"
        if let quiet = view.quietTime {
            let age = "max-age=\(quiet.components.seconds)"
            fields[.cacheControl] = isForEverybody ? "\(age), stale-while-revalidate=1" : "private, \(age)"
        } else {
            fields[.cacheControl] = isSettled ? "private, max-age=86400" : "private, no-cache"
        }
        fields[.retryAfter] = view.retryAfter.map(String.init)
    }

    /// Names the representation (RFC 9110, section 8.8.3).
    mutating func nameBody() {
        fields[.eTag] = "\"\(StableHash.text(of: body))\""
    }

    /// Leaves the body away where the client has the same already (RFC 9110, section 13.1.2).
    mutating func answerCondition(of request: HTTPRequest) {
        if request.knows(fields[.eTag]) { self = notModified }
    }

    /// What is said to a client that has the same.
    var notModified: Reply {
        var reply = self
        reply.status = .notModified
        reply.fields[.contentType] = nil
        reply.body = []
        return reply
    }
}

extension HTTPRequest {
    /// Whether the client says that it has what is named so.
    func knows(_ tag: String?) -> Bool {
        guard let tag, let condition = headerFields[.ifNoneMatch] else { return false }
        if condition == tag { return true }
        let known = condition.split(separator: ",").map { entry in
            let entry = String(entry).trimmingSpaces
            return entry.hasPrefix("W/") ? String(entry.dropFirst(2)) : entry
        }
        return known.contains(tag) || known == ["*"]
    }
}

extension HTTPField.Name {
    /// How long nginx keeps an answer: seconds, or `@` and the last second of it (ngx_http_fastcgi_module, `fastcgi_cache_valid`).
    static let xAccelExpires = HTTPField.Name("X-Accel-Expires")!
}

extension Timestamp {
    /// The second that it is in, counted since 1970.
    var second: Int64 { milliseconds / 1000 }
}

extension StringProtocol {
    /// The text without white space at its ends.
    var trimmingSpaces: String {
        let start = drop(while: \.isWhitespace)
        return String(start.prefix(upTo: start.lastIndex { !$0.isWhitespace }.map { start.index(after: $0) } ?? start.startIndex))
    }
}
