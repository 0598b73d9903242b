import HTTPTypes
import Testing

@testable import Web

/// What a client would rather have.
@Suite struct AcceptTests {
    @Test(
        arguments: [
            (nil, .html), ("", .html), ("*/*", .html), ("text/*", .html), ("image/png", .html), ("nonsense", .html),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", .html),
            ("application/json", .json), ("Application/JSON", .json), ("application/json; charset=utf-8", .json),
            ("application/json, text/plain, */*", .json), ("text/html, application/json", .html),
            ("application/json;q=0.9, text/html;q=0.8", .json), ("application/json;q=0.8, text/html;q=0.9", .html),
            ("application/*", .json), ("text/plain", .text), ("text/markdown, text/plain;q=0.5", .markdown),
            ("text/markdown;q=0.5, text/plain", .text), ("text/html;q=0, */*", .json), ("text/*;q=0.1, text/plain;q=0", .html),
            ("*/*;q=0.1, text/plain;q=0.2", .text), ("text/plain;Q=0.2, text/markdown;q=0.1", .text),
            ("application/json;q=2, text/plain;q=0.001", .text), ("application/json;q=1.001, text/plain", .text),
            ("application/json;q=0.0000, text/plain;q=0.1", .text), ("text/plain;q=1., text/html;q=0.999", .text),
            ("text/markdown;variant=\"a,b;q=0\", text/plain;q=0.5", .markdown), ("text/plain ; q=0.5 , text/markdown ; q=0.6", .markdown),
            ("*/plain, text/markdown;q=0.1", .markdown), ("text/plain;q=0", .html),
        ] as [(String?, Format)])
    func `the format follows from Accept; a page is what is left`(accept: String?, format: Format) {
        var request = HTTPRequest(method: .get, scheme: "http", authority: "pictures.example", path: "/")
        request.headerFields[.accept] = accept
        #expect(Format(wantedBy: request) == format)
    }
}
