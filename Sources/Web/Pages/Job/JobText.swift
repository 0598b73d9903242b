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
    /// A job in a format. Caches are told if the client chose it by `Accept`; then it does not wait.
    func read(_ id: String, as format: Format, isChosen: Bool = false) throws -> Reply {
        let id = try jobID(id)
        var reply = try format == .html ? page(of: reader(of: id).view()) : read(id, for: format, canWait: !isChosen)
        if isChosen { reply.vary(by: .accept) }
        return reply
    }

    /// Links with the public address, or with the host of the request.
    var world: Links? {
        if let publicURL = links.settings.publicURL { return Links(publicURL: publicURL, settings: links.settings) }
        guard let scheme = request.scheme, let host = request.authority, !host.isEmpty else { return nil }
        return links.on("\(scheme)://\(host)")
    }
}
