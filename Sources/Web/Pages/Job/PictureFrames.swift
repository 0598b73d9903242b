import Jobs

/// The pictures of a job, or the room for those that are not there yet: every frame has the shape that was asked for, so that nothing
/// moves when a picture comes.
struct PictureFrames {
    let view: JobView
    let links: Links

    /// Where each picture is: our copy of it, if there is one.
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

    /// An image that shows nothing but has a ratio, which styles in the page may not set.
    private var room: HTML {
        let (width, height) = view.job.request.shape
        return "<svg viewBox=\"0 0 \(width) \(height)\" aria-hidden=\"true\"></svg>"
    }

    /// Everything that can be done with each picture.
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
