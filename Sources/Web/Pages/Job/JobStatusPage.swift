import Jobs

/// The page of a job: its progress, and in the end the pictures or the failure.
///
/// It comes whole, and a script updates the part with the ID `job`. Without a script it is streamed: a beginning, a line for each change, and
/// an ending.
struct JobStatusPage {
    let view: JobView
    let links: Links

    private var job: Job { view.job }
    private var texts: any Texts { links.texts }
    private var sentences: JobSentences { JobSentences(view: view, texts: texts, foreign: Isolation.marked) }

    /// The whole page.
    var html: HTML {
        layout(isStreamed: false).page(
            """
            \(introduction)
            <section id="job" aria-live="polite"\(view.isFinished ? nil : watched)>
            \(view.isFinished ? nil : PictureFrames(view: view, links: links).pending)
            \(state)
            \(JobButtons(view: view, links: links).html)
            \(remarks)
            </section>
            \(ways)
            """)
    }

    /// The beginning of a streamed page.
    var beginning: HTML {
        """
        \(layout(isStreamed: true).opening)
        \(introduction)
        <section id="job">
        \(PictureFrames(view: view, links: links).pending)
        \(JobButtons(view: view, links: links).html)
        <div class="log" role="log">
        \(line)

        """
    }

    /// The text of this page's line; the same text means that nothing is new.
    var lineText: String { "\(heading) \(news.source)" }

    /// The state as a line of a streamed page.
    var line: HTML {
        "<p><time datetime=\"\(view.now.iso8601)\">\(view.now.text(at: view.now))</time> <strong>\(heading)</strong> \(news)</p>\n"
    }

    /// The ending of a streamed page: the end of the job, or the way to the next page.
    var ending: HTML {
        """
        </div>
        \(view.isFinished ? state : Self.next(of: job.id, at: links))
        \(view.isFinished ? JobButtons(view: view, links: links).html : nil)
        \(remarks)
        </section>
        \(ways)
        \(layout(isStreamed: true).closing)
        """
    }

    /// The ending for a job that cannot be read: the way to a page that says why.
    static func ending(ofUnknown id: JobID, at links: Links) -> HTML {
        """
        </div>
        \(next(of: id, at: links))
        </section>
        \(Layout(title: links.texts.yourPicture, links: links, isStreamed: true).closing)
        """
    }

    private static func next(of id: JobID, at links: Links) -> HTML {
        """
        <meta http-equiv="refresh" content="0">
        <p><a href="\(links.page(of: id))">\(links.texts.lookForNews)</a></p>
        """
    }

    private func layout(isStreamed: Bool) -> Layout {
        Layout(
            title: isStreamed ? texts.yourPicture : "\(heading) · \(texts.yourPicture)", links: links,
            refresh: isStreamed ? nil : view.retryAfter.map { min($0, 6) }, isStreamed: isStreamed)
    }

    private var introduction: HTML {
        """
        <h1>\(texts.yourPicture)</h1>
        <p class="asked" dir="auto">\(job.request.summary)</p>
        """
    }

    /// What the script needs to update the page.
    private var watched: HTML {
        let times = [("now", view.now), ("from", view.startsAt), ("to", view.expectedAt)].compactMap { name, moment -> HTML? in
            moment.map { " data-\(name)=\"\($0.iso8601)\"" }
        }
        return " data-json=\"\(links.json(of: job.id))\" data-state=\"\(job.state.rawValue)\"\(times.map(\.self))"
    }

    private var heading: String { texts.heading(job.state, isBeingCancelled: job.isCancelWanted) }

    private var state: HTML {
        switch job.state {
        case .completed: pictures
        case .failed, .cancelled, .timedOut: failure
        case .waiting, .submitting, .unconfirmed, .running: progress
        }
    }

    private var progress: HTML {
        """
        <div class="state">
        <h2>\(heading)</h2>
        \(sentences.hold.map { "<p class=\"problem\">\(HTML(isolating: $0))</p>" as HTML })
        <p>\(told)</p>
        <progress max="100" value="\(view.percentDone)" aria-label="\(texts.progress)">\(view.percentDone) %</progress>
        <p class="hint">\(texts.keepsUpToDate)</p>
        </div>
        """
    }

    /// Why the job is on hold, else its progress.
    private var news: HTML { sentences.hold.map { "<span class=\"wrong\">\(HTML(isolating: $0))</span>" } ?? told }

    /// The progress, and when the job starts and ends.
    private var told: HTML {
        let isWaiting = job.state == .waiting && !job.isCancelWanted
        let place = HTML(isolating: isWaiting ? "\(sentences.earlier)\(sentences.place)." : sentences.work)
        let start = isWaiting ? view.startsAt.map(time) : nil
        let end = job.isCancelWanted ? nil : view.expectedAt.map(time)
        let schedule: HTML? =
            switch (start, end) {
            case (let start?, let end?): texts.schedule(start: start, end: end)
            case (let start?, nil): texts.starts(start)
            case (nil, let end?): texts.expected(end)
            case (nil, nil): nil
            }
        return schedule.map { "\(place) \($0)" } ?? place
    }

    private var pictures: HTML {
        let frames = PictureFrames(view: view, links: links)
        return """
            \(frames.html)
            <div class="state">
            <h2>\(heading)</h2>
            <p class="result">\(HTML(isolating: sentences.message))</p>
            \(frames.linkList)
            </div>
            """
    }

    private var failure: HTML {
        let words: HTML? = job.failure?.detail.map { "<p>\(texts.kreasWords)</p>\n<blockquote dir=\"auto\">\($0)</blockquote>" }
        return """
            <div class="state">
            <h2>\(heading)</h2>
            <p class="problem">\(HTML(isolating: sentences.message))</p>
            \(words)
            </div>
            """
    }

    private var remarks: HTML {
        """
        \(job.warnings.map { "<p class=\"note\">\(HTML(isolating: texts.warning($0.marked)))</p>" })
        \(sentences.delivery.map { "<p class=\"hint\">\(HTML(isolating: $0))</p>" as HTML })
        \(JobFacts(job: job, texts: texts).html)
        """
    }

    private var ways: HTML {
        """
        <p class="ways">
        <a href="\(links.form(again: job.id))">\(texts.useAgain)</a>
        <a href="\(links.form(like: job.id))">\(texts.makeAnother)</a>
        </p>
        """
    }

    private func time(_ moment: Timestamp) -> HTML {
        "<time datetime=\"\(moment.iso8601)\">\(moment.text(at: view.now))</time>"
    }
}
