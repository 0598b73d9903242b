import HTTPTypes

/// A refusal for people.
enum ProblemPage {
    static func html(_ refusal: Refusal, at links: Links) -> HTML {
        let texts = links.texts
        let heading = texts.problemHeading(refusal.status.code)
        let name: HTML? = refusal.requestID.map { "<p class=\"hint\">\(texts.inLog("<code>\($0)</code>"))</p>" }
        return Layout(title: heading, links: links, isSwitchable: false).page(
            """
            <h1>\(heading)</h1>
            <p class="problem">\(texts.refusal(refusal))</p>
            \(name)
            <p><a href="\(links.form)">\(texts.toForm)</a></p>
            """)
    }
}
