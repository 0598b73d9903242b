import Jobs

/// A job for people: how far it is, and in the end the pictures or what went wrong.
struct JobStatusPage {
    let view: JobView
    let site: Site

    private var job: Job { view.job }

    var html: HTML {
        Layout.page(
            title: heading, at: site,
            """
            <h1>\(heading)</h1>
            \(state)
            \(JobButtons(view: view, site: site).html)
            \(job.warnings.map { "<p class=\"note\">\($0.sentence)</p>" })
            \(view.announcementText.map { "<p class=\"hint\">\($0)</p>" as HTML })
            \(facts)
            <p><a href="\(site.form)">Make another picture</a></p>
            """)
    }

    /// In how many seconds the page is worth to be read again; nil at the end.
    var refresh: Int? { view.retryAfter.map { min($0, 6) } }

    private var heading: String {
        if job.isCancelWanted { return "Being cancelled" }
        return switch job.state {
        case .waiting: "In the queue"
        case .submitting: "On its way to Krea"
        case .unconfirmed: "Being checked"
        case .running: "Being made"
        case .completed: job.urls.count == 1 ? "Your picture" : "Your pictures"
        case .failed: "No picture"
        case .cancelled: "Cancelled"
        case .timedOut: "Timed out"
        }
    }

    private var state: HTML {
        switch job.state {
        case .completed: pictures
        case .failed, .cancelled, .timedOut: failure
        case .waiting, .submitting, .unconfirmed, .running: progress
        }
    }

    private var progress: HTML {
        let hold: HTML? = view.holdText.map { "<p class=\"problem\">\($0)</p>" }
        let line: HTML =
            switch (job.state, view.startsAt) {
            case (.waiting, let start?): "<p>\(view.place); starts at \(time(start)).</p>"
            case (.waiting, nil): "<p>\(view.place).</p>"
            default: "<p>\(view.stateText)</p>"
            }
        let expected: HTML? = job.isCancelWanted ? nil : view.expectedAt.map { "Expected by \(time($0)). " }
        return """
            <div role="status">
            \(hold)
            \(line)
            <progress max="100" value="\(view.percentDone)" aria-label="Progress">\(view.percentDone) %</progress>
            <p class="hint">\(expected)This page keeps itself up to date.</p>
            </div>
            """
    }

    private var pictures: HTML {
        let pictures = job.urls.map { (url: $0, copy: view.copy(of: $0, at: site)) }
        let figures = pictures.map { url, copy -> HTML in
            "<a href=\"\(copy ?? url)\"><img src=\"\(copy ?? url)\" alt=\"\(job.request.prompt)\"></a>"
        }
        let links = pictures.map { url, copy -> HTML in
            let kept: HTML? = copy.map { "<a href=\"\($0)\">kept here</a>, from " }
            return "<li>\(kept)<a href=\"\(url)\">\(url)</a></li>"
        }
        return """
            <p class="result">\(view.message)</p>
            <div class="pictures">
            \(figures)
            </div>
            <ul class="links">
            \(links)
            </ul>
            """
    }

    private var failure: HTML {
        let words: HTML? = job.failure?.detail.map { "<p>Krea's words:</p>\n<blockquote>\($0)</blockquote>" }
        return """
            <p class="problem">\(view.message)</p>
            \(words)
            """
    }

    /// What was asked for.
    private var facts: HTML {
        let request = job.request
        let size: String? =
            switch (request.width, request.height) {
            case (let width?, let height?): "\(width) × \(height) pixels"
            case (let width?, nil): "\(width) pixels wide"
            case (nil, let height?): "\(height) pixels high"
            case (nil, nil): nil
            }
        let facts: [(String, String?)] =
            [
                ("Prompt", request.prompt), ("Model", job.usedModels), ("Size", size),
            ]
            + request.values.sorted { $0.key.label < $1.key.label }.compactMap { field, value in
                [.width, .height].contains(field)
                    ? nil : (field.label, value.elements.map { String($0.count) } ?? value.text ?? value.brief)
            }
        let rows = facts.compactMap { name, value -> HTML? in value.map { "<dt>\(name)</dt><dd>\($0)</dd>" } }
        return """
            <dl>
            \(rows)
            </dl>
            """
    }

    private func time(_ moment: Timestamp) -> HTML {
        "<time datetime=\"\(moment.iso8601)\">\(moment.timeOfDay)</time>"
    }
}
