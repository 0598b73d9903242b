/// The status as a page that reloads itself and loads nothing else.
enum StatusPage {
    static let securityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

    static func html(_ status: ServiceStatus) -> String {
        var parts = status.sections.map { section in
            "<h2>\(escaped(section.title))</h2>\n<table>\n"
                + section.lines.map { "<tr><th scope=\"row\">\(escaped($0.name))</th><td>\(escaped($0.value))</td></tr>\n" }.joined()
                + "</table>\n"
        }
        if let workers = status.workers {
            let rows = ServiceStatus.table(workers)
            parts.append(
                "<h2>Scoreboard</h2>\n<table>\n<tr>" + rows[0].map { "<th scope=\"col\">\(escaped($0))</th>" }.joined() + "</tr>\n"
                    + rows.dropFirst().map { row in "<tr>" + row.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>\n" }.joined()
                    + "</table>\n")
        } else {
            parts.append("<p><a href=\"?html&amp;full\">Scoreboard</a></p>\n")
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>krea-fcgi: status</title>
            <style>
            body { font: 1rem/1.4 system-ui, sans-serif; margin: 1.5rem; color-scheme: light dark }
            th { text-align: left; font-weight: normal; padding-right: 2rem } td { font-variant-numeric: tabular-nums; padding-right: 1rem }
            </style>
            </head>
            <body>
            <h1>krea-fcgi</h1>
            \(parts.joined())
            </body>
            </html>

            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}
