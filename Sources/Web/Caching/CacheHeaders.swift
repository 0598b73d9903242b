import HTTPTypes
import Jobs

/// Headers that say how long an answer may be cached, and the ETag by which it is recognised.
extension Reply {
    /// Adds the headers of a job's answer.
    ///
    /// Any cache may keep a running job until the second of its next possible change, since anyone who knows the address may read it. A
    /// finished job is private, since it would stay in a cache for long. It may still change if it timed out, if a webhook delivery is pending,
    /// or until its pictures are copied.
    ///
    /// The web server's own cache (`X-Accel-Expires`) may keep it to the end of the current second, so that a cancellation is seen within a
    /// second and thousands of clients cost one read a second. Meanwhile a stale answer is good enough (RFC 5861, section 3).
    ///
    /// No shared cache may keep a user's job, any job if a user is required, or an answer for the owner only.
    mutating func addHeaders(of view: JobView, _ settings: Application.Settings, isForOwner: Bool = false) {
        let keepsPictures = settings.keepsPictures
        let isPublic = !view.job.client.isUser && !settings.requiresUser && !(isForOwner && view.job.delivery != nil)
        let isSettled = view.isSettled(keepsPictures: keepsPictures)
        // nginx uses whichever of the two comes first.
        fields[.cacheControl] = nil
        fields[.xAccelExpires] = !isPublic ? "0" : isSettled ? "3600" : "@\(view.now.second)"
        if let quiet = view.quietTime {
            let age = "max-age=\(quiet.components.seconds)"
            fields[.cacheControl] = isPublic ? "\(age), stale-while-revalidate=1" : "private, \(age)"
        } else {
            fields[.cacheControl] = isSettled ? "private, max-age=86400" : "private, no-cache"
        }
        fields[.retryAfter] = view.retryAfter.map(String.init)
    }

    /// Adds an ETag (RFC 9110, section 8.8.3).
    mutating func nameBody() {
        fields[.eTag] = "\"\(StableHash.text(of: body))\""
    }

    /// Leaves out the body if the client already has it (RFC 9110, section 13.1.2).
    mutating func answerCondition(of request: HTTPRequest) {
        if request.knows(fields[.eTag]) { self = notModified }
    }

    /// Whether an `If-None-Match` has this answer's name.
    func isNamed(in condition: String) -> Bool { fields[.eTag].map { HTTPRequest.names($0, in: condition) } ?? false }

    /// The answer for a client that already has the body.
    var notModified: Reply {
        var reply = self
        reply.status = .notModified
        reply.fields[.contentType] = nil
        reply.body = []
        return reply
    }
}

extension HTTPRequest {
    /// Whether the client has the body with this ETag.
    func knows(_ tag: String?) -> Bool {
        guard let tag, let condition = headerFields[.ifNoneMatch] else { return false }
        return Self.names(tag, in: condition)
    }

    fileprivate static func names(_ tag: String, in condition: String) -> Bool {
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
    /// The second since 1970 that it is in.
    var second: Int64 { milliseconds / 1000 }
}

extension StringProtocol {
    /// The text without white space at its ends.
    var trimmingSpaces: String {
        let start = drop(while: \.isWhitespace)
        return String(start.prefix(upTo: start.lastIndex { !$0.isWhitespace }.map { start.index(after: $0) } ?? start.startIndex))
    }
}
