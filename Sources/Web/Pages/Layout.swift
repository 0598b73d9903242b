/// The frame of all pages.
struct Layout {
    let title: String
    let links: Links
    /// In how many seconds the page reloads without a script; nil if nothing changes by itself.
    var refresh: Int?
    /// Whether the body is streamed.
    var isStreamed = false
    /// Whether the page offers other languages; the answer to a form cannot be requested again.
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
        <html lang="\(links.language.rawValue)"\(isStreamed ? " data-streamed" : nil)>
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>\(title)</title>
        <link rel="icon" href="\(links.icon)" type="image/svg+xml">
        <link rel="stylesheet" href="\(links.styleSheet)">
        <script src="\(links.script)"\(isStreamed ? " async" : " defer")></script>
        \(links.isEmbedded ? frameScript : nil)
        \(refresh.map { "<noscript><meta http-equiv=\"refresh\" content=\"\($0)\"></noscript>" })
        </head>
        <body\(links.isEmbedded ? " class=\"embedded\"" : nil)>
        \(header)
        <main>
        """
    }

    /// In a frame, only the note.
    private var header: HTML? {
        let note: HTML? = links.settings.isSimulated ? "<p class=\"note\" id=\"simulated\">\(links.texts.simulated)</p>" : nil
        if links.isEmbedded { return note.map { "<header>\($0)</header>" } }
        return """
            <header>
            <a href="\(links.form)">\(links.texts.siteName)</a>
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

    /// The script that tells the surrounding page the height of this one.
    private var frameScript: HTML {
        "<script src=\"\(links.frameScript)\" data-origins=\"\(links.settings.embedOrigins.sources)\" defer></script>"
    }

    private var languages: HTML {
        let others = Language.allCases.filter { $0 != links.language }.map { language -> HTML in
            let (tag, name) = (language.rawValue, language.name)
            return "<a href=\"?\(Language.choice)=\(tag)\" hreflang=\"\(tag)\" lang=\"\(tag)\">\(name)</a>"
        }
        return """
            <nav aria-label="\(links.texts.languageSwitch)">
            \(others)
            </nav>
            """
    }
}
