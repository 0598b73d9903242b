import Testing

@testable import Web

/// Named web sites.
@Suite struct OriginsTests {
    @Test(arguments: [
        ("https://example.org", "https://example.org"), (" HTTPS://Example.ORG:443 ", "https://example.org"),
        ("https://example.org:8443", "https://example.org:8443"),
        ("https://a.example, https://b.example", "https://a.example https://b.example"),
        ("https://a.example,https://a.example:443", "https://a.example"), ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.1:80", "http://127.0.0.1"), ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ])
    func `they are taken as browsers write them`(list: String, sources: String) throws {
        #expect(try #require(Origins(list)).sources == sources)
    }

    @Test(arguments: [
        "*", "null", "example.org", "http://example.org", "https://", "https://*.example.org", "https://example.org/",
        "https://example.org/a",
        "https://user@example.org", "https://example.org:0", "https://example.org:65536", "https://example.org:x", "ftp://example.org",
        "https://a.example,", ",", "https://a.example https://b.example", "https://bücher.example", "http://127.0.0.1.example.org",
        "https://a.example;script-src", "https://[::1", "http://[::2]",
    ])
    func `whatever is more or less than an origin is none`(list: String) {
        #expect(Origins(list) == nil)
    }

    @Test(
        arguments: [
            ("https://a.example", true), ("https://b.example:8443", true), ("http://a.example", false), ("https://b.example", false),
            ("https://a.example.org", false), ("https://x.a.example", false), ("null", false), (nil, false),
        ] as [(String?, Bool)])
    func `only the very same origin is one of them`(origin: String?, isNamed: Bool) throws {
        #expect(try #require(Origins("https://a.example, https://b.example:8443")).contains(origin) == isNamed)
    }
}
