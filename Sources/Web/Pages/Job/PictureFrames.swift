import Jobs

/// The pictures of a job, or frames for those still to come. Every frame has the requested shape, so that nothing moves when a picture
/// arrives.
struct PictureFrames {
    let view: JobView
    let links: Links

    /// The address of each picture, and of our copy.
    var shown: [(url: String, copy: String?)] {
        view.job.urls.map { (url: $0, copy: view.copy(of: $0, at: links)) }
    }

    var html: HTML {
        let frames = shown.map { url, copy -> HTML in
            let address = copy ?? url
            return
                "<a href=\"\(address)\"\(links.leaving)>\(room)<img src=\"\(address)\" alt=\"\(view.job.request.shownPrompt)\" dir=\"auto\"></a>"
        }
        return """
            <div class="pictures">
            \(frames)
            </div>
            """
    }

    /// Empty frames.
    var pending: HTML {
        let frames: [HTML] = Array(repeating: "<span>\(room)</span>", count: view.job.request.batchSize ?? 1)
        return """
            <div class="pictures pending" aria-hidden="true">
            \(frames)
            </div>
            """
    }

    /// An empty image that gives the frame its ratio, since the page's policy allows no inline styles.
    private var room: HTML {
        let (width, height) = view.job.request.shape
        return "<svg viewBox=\"0 0 \(width) \(height)\" aria-hidden=\"true\"></svg>"
    }

    /// The links to each picture.
    var linkList: HTML {
        let items = shown.map { url, copy -> HTML in
            let kept: HTML? = copy.map { "<a href=\"\($0)\"\(links.leaving)>\(links.texts.keptHere)</a>, \(links.texts.from) " }
            return "<li>\(kept)<a href=\"\(url)\"\(links.leaving)>\(url)</a></li>"
        }
        return """
            <ul class="links">
            \(items)
            </ul>
            """
    }
}
