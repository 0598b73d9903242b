import TestSupport
import Testing
import Web

@testable import Jobs

/// Which addresses may be told.
@Suite struct WebhookHostsTests {
    private static let hosts = WebhookHosts("hooks.example.org, .example.net ,*.Example.com", simulated: false)!

    @Test(arguments: [
        "https://hooks.example.org/end", "https://hooks.example.org", "https://hooks.example.org:8443/a?b=c&d", "https://a.example.net/",
        "https://a.b.example.net/", "https://a.example.com/", "HTTPS://HOOKS.Example.ORG/Case",
    ])
    func `an https address of a host that is listed is taken`(text: String) throws {
        let url = try #require(try Self.hosts.address(.string(text), named: "webhook_url"))
        #expect(WebhookURL(url)?.host == WebhookURL(text)?.host)
    }

    @Test(arguments: [
        "https://example.org/", "https://x.hooks.example.org/", "https://example.net/", "https://badexample.net/", "https://example.com/",
        "http://hooks.example.org/", "https://user@hooks.example.org/", "https://user:p@hooks.example.org/", "https://hooks.example.org/#f",
        "https://hooks.example.org./", "https://hooks.example.org:0/", "https://hooks.example.org:65536/", "https://127.0.0.1/",
        "https://[::1]/", "https://hooks.example.org%2eevil.example/", "https://hooks.example.org\\@evil.example/", "//hooks.example.org/",
        "https:///x", "https://hooks.example.org /", "https://hooks.exämple.org/", "ftp://hooks.example.org/", "", "x",
        "https://hooks.example.org/" + String(repeating: "a", count: 2048),
    ])
    func `every other address is refused with a sentence that names the member`(text: String) throws {
        let invalid = try #require(throws: InvalidRequest.self) { try Self.hosts.address(.string(text), named: "webhook_url") }
        #expect(invalid.problems.count == 1)
        #expect(invalid.problems[0].member == "webhook_url")
        #expect(invalid.problems[0].sentence.hasPrefix("webhook_url "))
    }

    @Test func `what is no text is refused, and nothing given is nothing`() throws {
        #expect(throws: InvalidRequest.self) { try Self.hosts.address(.number(1), named: "webhook_url") }
        #expect(try Self.hosts.address(nil, named: "webhook_url") == nil)
        #expect(try Self.hosts.address(.null, named: "webhook_url") == nil)
    }

    @Test func `without hosts every address is refused with the sentence that it is off`() throws {
        let invalid = try #require(throws: InvalidRequest.self) {
            try WebhookHosts.none.address("https://hooks.example.org/", named: "X-Webhook-URL")
        }
        #expect(
            invalid.problems[0].sentence
                == "X-Webhook-URL cannot be used here: the operator has allowed no host for it.")
    }

    @Test(arguments: [
        "", ",", "hooks.example.org,", "127.0.0.1", "localhost", "10.0.0.1", "[::1]", "a b", "*", "*.", ".", "-a.example", "a..b",
        "a_b.example",
        "https://example.org", "example.org:8443", "exämple.org",
    ])
    func `what is no list of host names is not taken`(text: String) {
        #expect(WebhookHosts(text, simulated: false) == nil)
    }

    @Test func `beside a simulator this machine can be listed, and is called over http`() throws {
        let hosts = try #require(WebhookHosts("127.0.0.1,hooks.example.org", simulated: true))
        #expect(try hosts.address("http://127.0.0.1:9/x", named: "webhook_url") == "http://127.0.0.1:9/x")
        #expect(throws: InvalidRequest.self) { try hosts.address("http://localhost:9/x", named: "webhook_url") }
        #expect(throws: InvalidRequest.self) { try hosts.address("http://127.0.0.2:9/x", named: "webhook_url") }
        #expect(throws: InvalidRequest.self) { try hosts.address("http://hooks.example.org/", named: "webhook_url") }
        #expect(WebhookHosts("10.0.0.1", simulated: true) == nil)
    }
}
