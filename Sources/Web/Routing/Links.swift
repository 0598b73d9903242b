import Jobs

/// Where everything is: all links of pages and headers are made here, from the mount point.
struct Links {
    /// Empty, or the mount point as it stands in links, perhaps with its host, with no slash at its end.
    private let root: String
    /// What the pages have to say about the service.
    let settings: Application.Settings
    /// In what the pages are read.
    var language = Language.english
    /// Whether its pages are shown in a frame of another site.
    var isEmbedded = false

    init(mount: String, settings: Application.Settings) {
        root = PercentEncoding.encode(path: mount)
        self.settings = settings
    }

    /// The links for somebody who has no page to start from.
    init(publicURL: String, settings: Application.Settings) {
        root = publicURL
        self.settings = settings
    }

    /// The same place with the host before it.
    func on(_ origin: String) -> Links { Links(publicURL: origin + root, settings: settings) }

    var texts: any Texts { language.texts }

    var form: String { isEmbedded ? "\(root)/embed" : "\(root)/" }
    /// The form with the settings of a job, and where it shall be made once more, with its prompt too.
    func form(like id: some CustomStringConvertible) -> String { "\(form)?like=\(id)" }
    func form(again id: some CustomStringConvertible) -> String { "\(form)?again=\(id)" }
    /// The last jobs of whoever asks.
    var mine: String { "\(root)/mine" }
    var script: String { "\(root)/static/page.js" }
    var frameScript: String { "\(root)/static/frame.js" }
    var styleSheet: String { "\(root)/static/style.css" }
    var icon: String { "\(root)/static/icon.svg" }
    func page(of id: some CustomStringConvertible) -> String { "\(root)\(isEmbedded ? "/embed" : "")/jobs/\(id)" }
    func cancellation(of id: some CustomStringConvertible) -> String { "\(page(of: id))/cancel" }
    func resumption(of id: some CustomStringConvertible) -> String { "\(page(of: id))/resume" }
    /// The copy of a picture, which the web server shows by itself.
    func picture(_ file: PictureFile) -> String { "\(root)/pictures/\(file.name)" }
    /// What a link that leaves the frame needs.
    var leaving: HTML? { isEmbedded ? " target=\"_blank\" rel=\"noopener\"" : nil }
    var api: String { "\(root)/api" }
    func json(of id: some CustomStringConvertible) -> String { "\(api)/jobs/\(id)" }
}
