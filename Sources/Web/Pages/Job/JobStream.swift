import Answers
import HTTPTypes
import Jobs

/// The rest of a job's page for a reader without a script: it comes bit by bit until the picture is there.
///
/// It is kept for as long as its request is held, so it remembers the text that its reader has, and no job.
struct JobStream: Sendable {
    private let reader: JobReader
    private var told: String
    private var time: HeldTime

    /// What comes after the beginning of `page`.
    init(_ page: JobStatusPage, for reader: JobReader) {
        self.reader = reader
        told = page.lineText
        time = HeldTime(HeldTime.stream, from: page.view.now)
    }

    /// The wait for the next piece.
    var wait: Wait { Wait(for: reader.job, atMost: time.wait, next: next) }

    /// The next piece: a line if there is news, and in the end the rest of the page.
    @Sendable private func next(_ occasion: Wait.Occasion) -> Answer {
        // The end of an answer sends the reader to one that can say what is wrong.
        guard let view = try? reader.view() else {
            return Answer(nil, Array(JobStatusPage.ending(ofUnknown: reader.job, at: reader.links).source.utf8))
        }
        let page = JobStatusPage(view: view, links: reader.links)
        var rest = self
        rest.time.pass(occasion, at: view.now)
        guard !view.isFinished, occasion != .stopping, !rest.time.isOver else {
            return Answer(nil, Array(page.ending.source.utf8))
        }
        var text = ""
        if page.lineText != told {
            text = page.line.source
            rest.told = page.lineText
        } else if rest.time.isQuiet {
            text = "\n"
        }
        if !text.isEmpty { rest.time.speak() }
        return Answer(nil, Array(text.utf8), wait: rest.wait)
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
        var reply = Reply(stream: "text/html; charset=utf-8", body: Array(page.beginning.source.utf8))
        reply.wait = JobStream(page, for: reader(of: view.job.id)).wait
        return reply
    }
}
