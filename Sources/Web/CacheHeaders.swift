import HTTPTypes
import Jobs

/// What may be kept of an answer for programs, and how it is recognised again.
extension Reply {
    /// The headers of a job that is read.
    ///
    /// A running job may be kept by any cache, the web server's own above all, to the second of its next possible change: whoever
    /// knows the address may read the job, and thousands who ask then cost one read. A finished one is for the asker only, since it
    /// would stay in a cache for long; one that timed out, or whose end is still being told, may change, and so does one of whose pictures
    /// there will be copies.
    mutating func addHeaders(of view: JobView, keepsPictures: Bool) {
        if let quiet = view.quietTime {
            fields[.cacheControl] = "max-age=\(quiet.components.seconds)"
        } else {
            let mayChange = view.mayStillChange || keepsPictures && !view.hasAllCopies
            fields[.cacheControl] = mayChange ? "private, no-cache" : "private, max-age=86400"
        }
        fields[.retryAfter] = view.retryAfter.map(String.init)
    }

    /// Names the representation, and leaves the body away where the client has the same already (RFC 9110, section 13.1.2).
    mutating func answerCondition(of request: HTTPRequest) {
        let tag = "\"\(StableHash.text(of: body))\""
        fields[.eTag] = tag
        let known = (request.headerFields[.ifNoneMatch] ?? "").split(separator: ",").map { entry in
            let entry = String(entry).trimmingSpaces
            return entry.hasPrefix("W/") ? String(entry.dropFirst(2)) : entry
        }
        guard known.contains(tag) || known == ["*"] else { return }
        status = .notModified
        fields[.contentType] = nil
        body = []
    }
}

extension StringProtocol {
    /// The text without white space at its ends.
    var trimmingSpaces: String {
        let start = drop(while: \.isWhitespace)
        return String(start.prefix(upTo: start.lastIndex { !$0.isWhitespace }.map { start.index(after: $0) } ?? start.startIndex))
    }
}
