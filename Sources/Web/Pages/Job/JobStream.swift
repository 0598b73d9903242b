import Answers
import HTTPTypes
import Jobs

/// The rest of a job's page for a reader without a script: it comes bit by bit until the picture is there.
///
/// It is kept for as long as its request is held, so it remembers the text that the reader has and no job.
struct JobStream: Sendable {
    /// The longest that one answer takes; the page then asks for the next.
    static let longest: Duration = .seconds(60)
    /// How often it is made again without a change of the job: what has changed for all jobs shows then. Where that is nothing, a line end
    /// keeps the connection alive.
    static let quiet: Duration = .seconds(15)

    let application: Application
    let links: Links
    let client: Client
    let job: JobID
    let start: Timestamp
    private var told: String

    /// What comes after the beginning of `page`.
    init(_ page: JobStatusPage, in application: Application, for client: Client) {
        self.application = application
        self.client = client
        links = page.links
        job = page.view.job.id
        start = page.view.now
        told = page.lineText
    }

    /// The wait for the next piece.
    func wait(at now: Timestamp) -> Wait {
        Wait(for: job, atMost: min(Self.quiet, start + Self.longest - now), next: piece)
    }

    /// The next piece: a line if there is news, and in the end the rest of the page.
    @Sendable private func piece(_ occasion: Wait.Occasion) -> Answer {
        // The end of an answer sends the reader to one that can say what is wrong.
        guard let queued = try? application.store.job(job), queued.job.isOpen(to: client) else {
            return Answer(nil, Array(JobStatusPage.ending(ofUnknown: job, at: links).source.utf8))
        }
        let page = JobStatusPage(view: JobView(queued, now: application.now(), rules: application.store.rules), links: links)
        let now = page.view.now
        guard !page.view.isFinished, occasion != .stopping, now - start < Self.longest else {
            return Answer(nil, Array(page.ending.source.utf8))
        }
        var rest = self
        rest.told = page.lineText
        let line = rest.told == told ? occasion == .due ? "\n" : "" : page.line.source
        return Answer(nil, Array(line.utf8), wait: rest.wait(at: now))
    }
}

extension RequestContext {
    /// The cookie by which a script says that it keeps pages up to date.
    private static let scriptCookie = "script"

    /// The page of a job. One that has no end yet comes bit by bit where no script keeps it up to date.
    func page(of view: JobView) -> Reply {
        let page = JobStatusPage(view: view, links: links)
        // A script in a frame of another site cannot say by a cookie that it is there; without one the page asks for itself again.
        guard mayWait, !view.isFinished, !links.isEmbedded, request.method == .get, Cookies(of: request)[Self.scriptCookie] == nil
        else { return Reply(page: page.html) }
        var reply = Reply(page: page.beginning)
        // nginx would keep it back until it has a whole buffer.
        reply.fields[.accelBuffering] = "no"
        reply.wait = JobStream(page, in: application, for: client).wait(at: view.now)
        return reply
    }
}

extension HTTPField.Name {
    /// nginx, ngx_http_fastcgi_module, `fastcgi_buffering`.
    fileprivate static let accelBuffering = HTTPField.Name("X-Accel-Buffering")!
}
