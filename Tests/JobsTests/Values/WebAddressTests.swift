@testable import Jobs
import Testing

/// Addresses as browsers take them, written as they have to stand in a request.
@Suite struct WebAddressTests {
    @Test(arguments: [
        ("https://example.org/a.png", "https://example.org/a.png"), ("HTTPS://Example.ORG/A.png", "https://example.org/A.png"),
        ("https://Eve:Secret@Example.org:8443/?Q#F", "https://Eve:Secret@example.org:8443/?Q#F"),
        ("https://example.org", "https://example.org"),
        ("https://example.org/ä/ö?ü=字#😀", "https://example.org/%C3%A4/%C3%B6?%C3%BC=%E5%AD%97#%F0%9F%98%80"),
        ("https://example.org/e\u{301}", "https://example.org/e%CC%81"), ("https://example.org/%C3%A4", "https://example.org/%C3%A4"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"), ("https://[2001:DB8::1]/", "https://[2001:db8::1]/"),
        ("DATA:Image/png;base64,iVBO+/=", "data:image/png;base64,iVBO+/="),
    ])
    func `an address is taken and normalised`(text: String, address: String) {
        #expect(WebAddress.image(text) == address)
    }

    @Test(arguments: [
        "", "https", "https:/x", "https://", "https:///a", "https://?a", "http://example.org/", "://example.org", "https://a b/",
        "https://example.org/a b",
        "https://example.org/\"", "https://example.org/<", "https://example.org/\u{202E}", "https://example.org/\u{FFFD}",
        "https://example.org/\u{A0}", "https://example.org/\n",
        "https://bücher.example/", "https://\u{212A}rea.ai/", "data:text/html,x", "data:image/png,ä", "javascript://example.org/",
    ])
    func `anything else is none`(text: String) {
        #expect(WebAddress.image(text) == nil)
    }

    @Test func `an address is as long as it is when it is encoded`() {
        let start = "https://example.org/"
        #expect(WebAddress.image(start + String(repeating: "a", count: 1004))?.utf8.count == 1024)
        #expect(WebAddress.image(start + String(repeating: "a", count: 1005)) == nil)
        #expect(WebAddress.image(start + String(repeating: "ä", count: 167))?.utf8.count == 1022)
        #expect(WebAddress.image(start + String(repeating: "ä", count: 168)) == nil)
    }

    @Test(arguments: [
        ("https://bücher.example/", true), ("https://example.org/bücher", false), ("bücher", false), ("https://\u{202E}", true),
    ])
    func `a host in other letters is told apart`(text: String, isForeign: Bool) {
        #expect(WebAddress.hasForeignHost(text) == isForeign)
    }
}
