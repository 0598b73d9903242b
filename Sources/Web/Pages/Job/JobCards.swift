import Jobs
import PlainText

/// A person's latest jobs as cards, each with its picture or state and its actions.
struct JobCards {
    /// Nil if only the browser knows the jobs; then a script fills the section.
    let jobs: [JobView]?
    let links: Links

    private var texts: any Texts { links.texts }

    /// The most cards that are shown.
    static let limit = 12

    /// The section of a page; hidden while it is empty.
    var section: HTML {
        """
        <section id="mine" aria-labelledby="mine-heading" data-from="\(links.mine)"\(jobs == nil ? " data-local" : nil)\
        \(jobs?.isEmpty ?? true ? " hidden" : nil)>
        <h2 id="mine-heading">\(texts.myPictures)</h2>
        \(list)
        </section>
        """
    }

    private var list: HTML {
        """
        <ul class="jobs">
        \((jobs ?? []).map(card))
        </ul>
        <p class="hint script" hidden>\(texts.forgetHint) <button type="button" class="small" id="forget">\(texts.forget)</button></p>
        """
    }

    private func card(_ view: JobView) -> HTML {
        let job = view.job
        let summary = job.request.summary
        let frames = PictureFrames(view: view, links: links)
        let picture = frames.shown.first.map { $0.copy ?? $0.url }
        let state = texts.heading(job.state, isBeingCancelled: job.isCancelWanted)
        let shown: HTML = picture.map { "<img src=\"\($0)\" alt=\"\" loading=\"lazy\">" } ?? "<span>\(state)</span>"
        let copying: HTML? = picture.map { address in
            """
            <a href="\(address)" download>\(texts.download)</a>
            <button type="button" class="small script" hidden data-copy="\(address)" data-done="\(texts.copied)">\(texts.copyAddress)</button>
            <button type="button" class="small script" hidden data-copy="\(address)" data-alt="\(summary.printable)" data-done="\(texts.copied)">\
            \(texts.copyMarkdown)</button>
            """
        }
        return """
            <li>
            <a class="thumb" href="\(links.page(of: job.id))" aria-label="\(Isolation.plain("\(texts.open): \(Isolation.marked(summary)), \(state)"))">\(shown)</a>
            <p dir="auto">\(summary)</p>
            <p class="ways">
            \(copying)
            <a href="\(links.form(again: job.id))">\(texts.useAgain)</a>
            </p>
            </li>
            """
    }
}
