/// What all pages have around their content.
enum Layout {
    /// A whole document.
    static func page(title: String, at site: Site, _ content: HTML) -> HTML {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>\(title)</title>
        <link rel="icon" href="\(site.icon)" type="image/svg+xml">
        <link rel="stylesheet" href="\(site.styleSheet)">
        </head>
        <body>
        <header><a href="\(site.form)">Krea pictures</a></header>
        \(site.settings.isSimulated ? simulated : nil)
        <main>
        \(content)
        </main>
        </body>
        </html>

        """
    }

    private static let simulated: HTML = """
        <aside class="note" id="simulated">Pictures come from a simulator on this machine and cost nothing.</aside>
        """
}
