import Jobs

/// What a person can do with a job, besides reading of it.
struct JobButtons {
    let view: JobView
    let site: Site

    /// Nothing where nothing can be done.
    var html: HTML? {
        if view.canBeCancelled {
            button(site.texts.cancel, to: site.cancellation(of: view.job.id))
        } else if view.job.canBeLookedAtAgain {
            """
            <p>\(hasTimedOut ? site.texts.mayStillFinish : site.texts.mayStillBring)</p>
            \(button(site.texts.lookAgain, to: site.resumption(of: view.job.id)))
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
