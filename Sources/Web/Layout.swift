/// What all pages have around their content.
struct Layout {
    let title: String
    let site: Site
    /// In how many seconds a reader without a script shall see the page again; nil where nothing changes by itself.
    var refresh: Int?
    /// Whether the body comes bit by bit.
    var isStreamed = false
    /// Whether the page can be read in another language by asking for it again; the answer to a form cannot.
    var isSwitchable = true

    /// A whole document.
    func page(_ content: HTML) -> HTML {
        """
        \(opening)
        \(content)
        \(closing)
        """
    }

    /// Everything before the content.
    var opening: HTML {
        """
        <!DOCTYPE html>
        <html lang="\(site.language.rawValue)"\(isStreamed ? " data-streamed" : nil)>
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>\(title)</title>
        <link rel="icon" href="\(site.icon)" type="image/svg+xml">
        <link rel="stylesheet" href="\(site.styleSheet)">
        <script src="\(site.script)"\(isStreamed ? " async" : " defer")></script>
        \(site.isEmbedded ? frameScript : nil)
        \(refresh.map { "<noscript><meta http-equiv=\"refresh\" content=\"\($0)\"></noscript>" })
        </head>
        <body\(site.isEmbedded ? " class=\"embedded\"" : nil)>
        \(header)
        <main>
        """
    }

    /// In a frame only what has to be said.
    private var header: HTML? {
        let note: HTML? = site.settings.isSimulated ? "<p class=\"note\" id=\"simulated\">\(site.texts.simulated)</p>" : nil
        if site.isEmbedded { return note.map { "<header>\($0)</header>" } }
        return """
            <header>
            <a href="\(site.form)">\(site.texts.siteName)</a>
            \(isSwitchable ? languages : nil)
            \(note)
            </header>
            """
    }

    /// Everything after it.
    var closing: HTML {
        """
        </main>
        </body>
        </html>

        """
    }

    /// What tells the page around how high this one is.
    private var frameScript: HTML {
        "<script src=\"\(site.frameScript)\" data-origins=\"\(site.settings.embedOrigins.sources)\" defer></script>"
    }

    private var languages: HTML {
        let others = Language.allCases.filter { $0 != site.language }.map { language -> HTML in
            let (tag, name) = (language.rawValue, language.name)
            return "<a href=\"?\(Language.choice)=\(tag)\" hreflang=\"\(tag)\" lang=\"\(tag)\">\(name)</a>"
        }
        return """
            <nav aria-label="\(site.texts.languageSwitch)">
            \(others)
            </nav>
            """
    }
}
