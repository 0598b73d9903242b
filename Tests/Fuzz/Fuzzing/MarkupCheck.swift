/// Whether the markup of a page is ours alone: every tag is one that the pages have, every attribute is quoted, and none holds script.
///
/// What somebody has sent in and is not escaped would be a tag that is not known, or break a known one.
struct MarkupCheck {
    private var rest: Substring.UTF8View

    private static let tags: Set<String> = [
        "html", "head", "meta", "title", "link", "script", "body", "main", "header", "footer", "nav", "section", "article", "h1", "h2",
        "h3",
        "p", "a", "ul", "ol", "li", "dl", "dt", "dd", "form", "fieldset", "legend", "label", "input", "select", "option", "optgroup",
        "textarea", "button", "img", "figure", "figcaption", "div", "span", "strong", "em", "b", "i", "code", "small", "time", "table",
        "thead", "tbody", "tr", "th", "td", "details", "summary", "datalist", "output", "progress", "blockquote", "template", "br", "hr",
        "noscript", "abbr", "picture", "pre", "svg", "g", "rect", "text", "path", "circle", "tspan", "style", "line", "defs",
    ]

    init(_ text: String) {
        rest = Substring(text).utf8
    }

    /// Throws a ``Finding``.
    func run() throws {
        var check = self
        while let start = check.rest.firstIndex(of: UInt8(ascii: "<")) {
            check.rest = check.rest[start...].dropFirst()
            try check.tag()
        }
    }

    private mutating func tag() throws {
        if rest.first == UInt8(ascii: "!") {
            guard String(Substring(rest.prefix(9))).lowercased() == "!doctype " else { throw Finding("There is a comment.") }
            return
        }
        let isEnd = rest.first == UInt8(ascii: "/")
        if isEnd { rest = rest.dropFirst() }
        let name = word()
        guard Self.tags.contains(name) else { throw Finding("There is a tag <\(name)>: \(Substring(rest.prefix(40))).") }
        while true {
            skipSpace()
            guard let byte = rest.first else { throw Finding("A tag has no end.") }
            if byte == UInt8(ascii: ">") {
                rest = rest.dropFirst()
                return
            }
            if byte == UInt8(ascii: "/") {
                rest = rest.dropFirst()
                continue
            }
            try attribute(of: name)
        }
    }

    private mutating func attribute(of tag: String) throws {
        let name = word()
        guard !name.isEmpty, !name.hasPrefix("on"), name != "srcdoc" else { throw Finding("<\(tag)> has an attribute “\(name)”.") }
        guard rest.first == UInt8(ascii: "=") else { return }
        rest = rest.dropFirst()
        guard rest.first == UInt8(ascii: "\"") else { throw Finding("<\(tag) \(name)> is not quoted.") }
        rest = rest.dropFirst()
        guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { throw Finding("<\(tag) \(name)> has no end.") }
        let value = String(Substring(rest[..<end])).lowercased()
        rest = rest[end...].dropFirst()
        guard !["href", "src", "action", "formaction"].contains(name) || !(value.hasPrefix("javascript:") || value.hasPrefix("//")) else {
            throw Finding("<\(tag) \(name)> leads to \(value).")
        }
    }

    private mutating func word() -> String {
        let word = rest.prefix { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
        }
        rest = rest.dropFirst(word.count)
        return String(Substring(word)).lowercased()
    }

    private mutating func skipSpace() {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
    }
}
