import Jobs

/// Makes all links of pages and headers from the mount point.
struct Links {
    /// The encoded mount point, perhaps with its host, without a slash at the end; empty for the root.
    private let root: String
    /// What pages need to know about the service.
    let settings: Application.Settings
    /// The language of the pages.
    var language = Language.english
    /// Whether the pages are in a frame of another site.
    var isEmbedded = false

    init(mount: String, settings: Application.Settings) {
        root = PercentEncoding.encode(path: mount)
        self.settings = settings
    }

    /// Links that start from the public address.
    init(publicURL: String, settings: Application.Settings) {
        root = publicURL
        self.settings = settings
    }

    /// The same links with a scheme and host.
    func on(_ origin: String) -> Links { Links(publicURL: origin + root, settings: settings) }

    var texts: any Texts { language.texts }

    var form: String { isEmbedded ? "\(root)/embed" : "\(root)/" }
    /// The form with a job's settings; `again` also with its prompt.
    func form(like id: some CustomStringConvertible) -> String { "\(form)?like=\(id)" }
    func form(again id: some CustomStringConvertible) -> String { "\(form)?again=\(id)" }
    /// The caller's latest jobs.
    var mine: String { "\(root)/mine" }
    var script: String { "\(root)/static/page.js" }
    var frameScript: String { "\(root)/static/frame.js" }
    var styleSheet: String { "\(root)/static/style.css" }
    var icon: String { "\(root)/static/icon.svg" }
    func page(of id: some CustomStringConvertible) -> String { "\(root)\(isEmbedded ? "/embed" : "")/jobs/\(id)" }
    func cancellation(of id: some CustomStringConvertible) -> String { "\(page(of: id))/cancel" }
    func resumption(of id: some CustomStringConvertible) -> String { "\(page(of: id))/resume" }
    /// The copy of a picture, which the web server serves.
    func picture(_ file: PictureFile) -> String { "\(root)/pictures/\(file.name)" }
    /// What a link that leaves the frame needs.
    var leaving: HTML? { isEmbedded ? " target=\"_blank\" rel=\"noopener\"" : nil }
    var api: String { "\(root)/api" }
    func json(of id: some CustomStringConvertible) -> String { "\(api)/jobs/\(id)" }
}
