import HTTPTypes

/// A refusal for people.
enum ProblemPage {
    static func html(_ refusal: Refusal, at site: Site) -> HTML {
        let name: HTML? = refusal.requestID.map { "<p class=\"hint\">The log knows this as <code>\($0)</code>.</p>" }
        return Layout.page(
            title: heading(refusal), at: site,
            """
            <h1>\(heading(refusal))</h1>
            <p class="problem">\(refusal.sentence)</p>
            \(name)
            <p><a href="\(site.form)">To the form</a></p>
            """)
    }

    private static func heading(_ refusal: Refusal) -> String {
        switch refusal.status.code {
        case 404: "Not found"
        case 410: "No longer here"
        case 500...: "Something went wrong"
        default: "This did not work"
        }
    }
}
