import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Requests of other sites.
@Suite struct CSRFGuardTests {
    @Test(
        arguments: [
            (nil, nil, "pictures.example", false),
            ("same-origin", nil, "pictures.example", false),
            ("none", nil, "pictures.example", false),
            ("same-origin", "https://other.example", "pictures.example", false),
            ("cross-site", "http://pictures.example", "pictures.example", true),
            ("same-site", nil, "pictures.example", true),
            ("nonsense", nil, "pictures.example", true),
            (nil, "http://pictures.example", "pictures.example", false),
            (nil, "http://pictures.example", "Pictures.Example:80", false),
            (nil, "http://pictures.example:80", "pictures.example", false),
            (nil, "https://pictures.example", "pictures.example", true),
            (nil, "https://pictures.example", "pictures.example:443", true),
            (nil, "http://127.0.0.1:8080", "127.0.0.1:8080", false),
            (nil, "http://127.0.0.1:8080", "127.0.0.1", true),
            (nil, "http://pictures.example:8081", "pictures.example", true),
            (nil, "http://pictures.example:8081", "pictures.example:8080", true),
            (nil, "http://[::1]:8080", "[::1]:8080", false),
            (nil, "http://[::1]", "[::1]", false),
            (nil, "http://[::1]:8080", "[::2]:8080", true),
            (nil, "http://pictures.example:81", "pictures.example:80", true),
            (nil, "http://pictures.example", "pictures.example:8080", true),
            (nil, "https://other.example", "pictures.example", true),
            (nil, "https://pictures.example.other.example", "pictures.example", true),
            (nil, "https://pictures.example:x", "pictures.example", true),
            (nil, "chrome-extension://pictures.example", "pictures.example", true),
            (nil, "null", "pictures.example", true),
            (nil, "", "pictures.example", true),
            (nil, "http://pictures.example", nil, true),
        ] as [(String?, String?, String?, Bool)])
    func `what another site makes a browser send is told from our own`(site: String?, origin: String?, authority: String?, refused: Bool)
        throws
    {
        var request = HTTPRequest(method: .post, scheme: "http", authority: authority, path: "/")
        request.headerFields[try #require(HTTPField.Name("Sec-Fetch-Site"))] = site
        request.headerFields[.origin] = origin
        #expect(CSRFGuard.sent(request) == refused)
    }

    @Test(
        arguments: [
            ("https", nil, "https://pictures.example", "pictures.example", false),
            ("https", nil, "https://pictures.example", "pictures.example:443", false),
            ("https", nil, "https://pictures.example:8443", "pictures.example:8443", false),
            ("https", nil, "http://pictures.example", "pictures.example", true),
            ("https", nil, "http://pictures.example:443", "pictures.example", true),
            ("https", nil, "https://pictures.example:8443", "pictures.example", true),
            ("http", "https", "https://pictures.example", "pictures.example", false),
            ("http", " HTTPS ", "https://pictures.example", "pictures.example", false),
            ("http", "https", "http://pictures.example", "pictures.example", true),
            ("http", "http", "https://pictures.example", "pictures.example", true),
            ("http", "gopher", "http://pictures.example", "pictures.example", true),
        ] as [(String, String?, String, String, Bool)])
    func `scheme, host and port are those that the request was sent to, also where a proxy ends TLS`(
        scheme: String, forwarded: String?, origin: String, authority: String, refused: Bool
    ) {
        var request = HTTPRequest(method: .post, scheme: scheme, authority: authority, path: "/")
        request.headerFields[.origin] = origin
        request.headerFields[HTTPField.Name("X-Forwarded-Proto")!] = forwarded
        #expect(CSRFGuard.sent(request) == refused)
    }

    @Test func `where the operator says what the world calls the service, its own form may come from there`() {
        var request = HTTPRequest(method: .post, scheme: "http", authority: "inside:9000", path: "/")
        for (origin, refused) in [
            ("https://pictures.example", false), ("http://inside:9000", false), ("http://pictures.example", true),
            ("https://pictures.example:8443", true),
        ] {
            request.headerFields[.origin] = origin
            #expect(CSRFGuard.sent(request, publicURL: "https://pictures.example/krea") == refused, "\(origin)")
        }
    }

    @Test func `a form of another port of the same host makes no job`() throws {
        let fixture = WebFixture()
        #expect(try fixture.postForm("prompt=x", [.origin: "http://pictures.example:8081"]).status == 403)
        #expect(try fixture.postForm("prompt=x", [.origin: "https://pictures.example"]).status == 403)
        #expect(try fixture.jobs.isEmpty)
        #expect(try fixture.postForm("prompt=x", [.origin: "http://pictures.example"]).status == 303)
    }

    @Test func `a post that another site sends is 403 and makes no job`() throws {
        let fixture = WebFixture()
        let form = try fixture.postForm("prompt=x", [.secFetchSite: "cross-site"])
        #expect(form.status == 403)
        #expect(form["Content-Type"] == "text/html; charset=utf-8")
        let json = try fixture.postJSON(#"{"prompt": "x"}"#, [.origin: "https://other.example"])
        #expect(json.status == 403)
        #expect(json.json["code"] == "cross_site")
        #expect(try fixture.jobs.isEmpty)
    }

    @Test func `what another site sends neither cancels a job nor has it looked at again`() throws {
        let fixture = WebFixture()
        let driver = try JobDriver(fixture)
        let requests: [(HTTPRequest.Method, String)] = [
            (.delete, "/api/jobs/\(driver.id)"), (.post, "/jobs/\(driver.id)/cancel"), (.post, "/api/jobs/\(driver.id)/resume"),
            (.post, "/jobs/\(driver.id)/resume"),
        ]
        for (method, path) in requests {
            #expect(try fixture.send(method, path, [.secFetchSite: "cross-site"]).status == 403)
        }
        #expect(try fixture.get("/api/jobs/\(driver.id)").json["state"] == "waiting")
        try driver.timeOut()
        for (_, path) in requests.suffix(2) {
            #expect(try fixture.send(.post, path, [.secFetchSite: "cross-site"]).status == 403)
        }
        #expect(try fixture.get("/api/jobs/\(driver.id)").json["state"] == "timed_out")
    }

    @Test func `a link from another site opens the form`() throws {
        #expect(try WebFixture().get("/", [.secFetchSite: "cross-site"]).status == 200)
    }
}
