import HTTPTypes
import Jobs

/// What brings the rest of a body bit by bit: `write` hands bytes to the reader at once, and is false when nobody wants more.
public typealias BodyStream = (_ write: (_ bytes: [UInt8]) -> Bool) -> Void

/// How somebody without a script watches a job: the page comes bit by bit until the picture is there.
extension RequestContext {
    /// The cookie by which a script says that it keeps pages up to date.
    private static let scriptCookie = "script"

    /// The longest that one answer takes; the page then asks for the next.
    static let longestWatch: Duration = .seconds(60)

    /// The page of a job. One that has no end yet comes bit by bit where nobody else keeps it up to date and a thread can be spared.
    func page(of view: JobView) -> Reply {
        let page = JobStatusPage(view: view, links: links)
        // A script in a frame of another site cannot say by a cookie that it is there; without one the page asks for itself again.
        guard !view.isFinished, !links.isEmbedded, request.method == .get, Cookies(of: request)[Self.scriptCookie] == nil,
            let seat = application.streamLimit.take()
        else { return Reply(page: page.html) }
        var reply = Reply(page: page.beginning)
        // nginx would keep it back until it has a whole buffer.
        reply.fields[.accelBuffering] = "no"
        reply.rest = { write in
            withExtendedLifetime(seat) { watch(from: view, write) }
        }
        return reply
    }

    private func watch(from first: JobView, _ write: ([UInt8]) -> Bool) {
        var latest = JobStatusPage(view: first, links: links)
        // It is read again only when something was committed.
        var (known, version): (QueuedJob?, StoreVersion?) = (nil, nil)
        while !latest.view.isFinished, latest.view.now - first.now < Self.longestWatch {
            application.pause(.seconds(1))
            let newest = store.version
            if newest == nil || newest != version { (known, version) = (try? store.job(first.job.id, of: first.job.request), newest) }
            // The end of this answer sends the reader to one that can say what is wrong.
            guard let known, known.job.isOpen(to: client) else { break }
            let view = view(known)
            let page = JobStatusPage(view: view, links: links)
            // Where there is nothing to tell, a line end tells whether anybody still reads.
            let isNew = !view.isFinished && !page.tellsTheSame(as: latest)
            guard write(isNew ? Array(page.line.source.utf8) : [UInt8(ascii: "\n")]) else { return }
            latest = page
        }
        _ = write(Array(latest.ending.source.utf8))
    }
}

extension HTTPField.Name {
    /// nginx, ngx_http_fastcgi_module, `fastcgi_buffering`.
    fileprivate static let accelBuffering = HTTPField.Name("X-Accel-Buffering")!
}
