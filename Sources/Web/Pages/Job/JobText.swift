import HTTPTypes
import Jobs
import PlainText

/// A job for mails, notes and shells: one line, and the addresses of its pictures.
struct JobText {
    let view: JobView
    let links: Links
    /// Links with the service's host; nil if that is not known.
    let world: Links?

    /// One line, and one for each picture.
    var plain: String {
        ([view.message] + pictures).map { "\($0.printable)\n" }.joined()
    }

    /// A paragraph, and a list of the pictures.
    var markdown: String {
        let alt = Markdown.escape(view.job.request.summary)
        let items = pictures.map(Markdown.destination).map { "- [![\(alt)](\($0))](\($0))\n" }
        return "\(Markdown.escape(view.message))\n\(items.isEmpty ? "" : "\n")\(items.joined())"
    }

    /// The addresses of the pictures. A copy lasts longer than Krea's picture, but needs a whole address.
    private var pictures: [String] {
        guard view.job.state == .completed else { return [] }
        return view.job.urls.map { url in world.flatMap { view.copy(of: url, at: $0) } ?? url }
    }
}

extension RequestContext {
    /// A job in a format. Caches are told if the client chose it by `Accept`.
    func read(_ id: String, as format: Format, isChosen: Bool = false) throws -> Reply {
        let view = try view(jobID(id))
        var reply =
            switch format {
            case .html: page(of: view)
            case .json: json(of: view)
            case .markdown: text(JobText(view: view, links: links, world: world).markdown, as: .markdown, of: view)
            case .text: text(JobText(view: view, links: links, world: world).plain, as: .text, of: view)
            }
        if isChosen { reply.vary(by: .accept) }
        return reply
    }

    private func text(_ text: String, as format: Format, of view: JobView) -> Reply {
        var reply = Reply(.ok, text: text, as: format)
        reply.addHeaders(of: view, links.settings)
        reply.nameBody()
        reply.answerCondition(of: request)
        return reply
    }

    /// Links with the public address, or with the host of the request.
    private var world: Links? {
        if let publicURL = links.settings.publicURL { return Links(publicURL: publicURL, settings: links.settings) }
        guard let scheme = request.scheme, let host = request.authority, !host.isEmpty else { return nil }
        return links.on("\(scheme)://\(host)")
    }
}
