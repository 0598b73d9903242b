import Jobs

/// The buttons that change a job.
struct JobButtons {
    let view: JobView
    let links: Links

    /// Nil if nothing can be done.
    var html: HTML? {
        if view.canBeCancelled {
            button(links.texts.cancel, to: links.cancellation(of: view.job.id))
        } else if view.job.canBeResumed {
            """
            <p>\(hasTimedOut ? links.texts.mayStillFinish : links.texts.mayStillBring)</p>
            \(button(links.texts.resume, to: links.resumption(of: view.job.id)))
            """
        } else {
            nil
        }
    }

    private var hasTimedOut: Bool { view.job.submissions.contains { $0.state == .timedOut } }

    private func button(_ label: String, to address: String) -> HTML {
        """
        <form class="action" method="post" action="\(address)">
        <button type="submit">\(label)</button>
        </form>
        """
    }
}
