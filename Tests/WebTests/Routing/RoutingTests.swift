import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Routing.
@Suite struct RoutingTests {
    private static let unknown = JobID.sample(99).description

    @Test(
        arguments: [
            (.get, "/", 200), (.head, "/", 200), (.put, "/", 405), (.delete, "/", 405), (.options, "/", 405),
            (.get, "/?from=mail", 200), (.get, "/health", 200), (.head, "/health", 200), (.post, "/health", 405),
            (.get, "/jobs/\(unknown)", 404), (.post, "/jobs/\(unknown)", 405), (.get, "/jobs/42", 404), (.get, "/jobs/", 404),
            (.get, "/jobs", 404), (.get, "/api/jobs", 200), (.head, "/api/jobs", 200), (.delete, "/api/jobs", 405),
            (.get, "/api/jobs/\(unknown)", 404), (.get, "/api/jobs/x/y", 404), (.put, "/api/jobs/\(unknown)", 405),
            (.delete, "/api/jobs/\(unknown)", 404), (.delete, "/api/jobs/42", 404), (.post, "/api/jobs/\(unknown)/resume", 404),
            (.get, "/api/jobs/\(unknown)/resume", 405), (.post, "/api/jobs/\(unknown)/cancel", 404),
            (.post, "/jobs/\(unknown)/cancel", 404), (.post, "/jobs/42/resume", 404), (.get, "/jobs/\(unknown)/cancel", 405),
            (.delete, "/jobs/\(unknown)", 405), (.post, "/jobs/\(unknown)/resume/x", 404),
            (.get, "/api/webhooks/krea/x", 405), (.post, "/api/webhooks/krea", 404), (.post, "/api/webhooks/other/x", 404),
            (.get, "/api/models", 200), (.post, "/api/models", 405), (.get, "/api", 404), (.get, "/api/", 404),
            (.post, "/api/generate/video/kling/kling-2", 404), (.post, "/api/generate/audio", 404), (.get, "/api/generate/text/x", 404),
            (.post, "/api/generate/enhance/topaz", 404), (.get, "/favicon.ico", 404), (.get, "/static/style.css", 404),
            (.get, "/../etc/passwd", 400), (.get, "/jobs/%2e%2e/health", 400), (.get, "/./health", 400), (.get, "/%zz", 400),
            (.get, "/%", 400), (.get, "/%ff", 400), (.get, "/a%00b", 400), (.get, "*", 400), (.get, "", 400),
            (.get, "/he%61lth", 200), (.get, "/health/", 404), (.get, "//health", 404),
        ] as [(HTTPRequest.Method, String, Int)])
    func `each route answers each method with its status`(method: HTTPRequest.Method, path: String, status: Int) throws {
        let answer = try WebFixture().send(method, path)
        #expect(answer.status == status)
    }

    @Test func `a wrong method is told which are allowed, in the shape of the place`() throws {
        let fixture = WebFixture()
        let page = try fixture.send(.delete, "/")
        #expect(page["Allow"] == "GET, HEAD, POST")
        #expect(page["Content-Type"] == "text/html; charset=utf-8")
        let json = try fixture.send(.patch, "/api/models")
        #expect(json["Allow"] == "GET, HEAD")
        #expect(json.json["code"] == "method_not_allowed")
        #expect(json.json["error"] == "PATCH is not allowed here; use GET, HEAD.")
        #expect(try fixture.send(.post, "/api/jobs/\(Self.unknown)")["Allow"] == "GET, HEAD, DELETE")
        for path in ["/api/jobs/\(Self.unknown)/resume", "/jobs/\(Self.unknown)/resume", "/jobs/\(Self.unknown)/cancel"] {
            #expect(try fixture.get(path)["Allow"] == "POST")
        }
    }

    @Test(arguments: ["/", "/api/models", "/api/jobs", "/health", "/nothing"])
    func `HEAD gets what GET gets`(path: String) throws {
        let get = try WebFixture().get(path)
        let head = try WebFixture().send(.head, path)
        #expect(head.status == get.status)
        #expect(head.fields == get.fields)
        #expect(head.text == get.text)
        #expect(!head.text.isEmpty)
    }

    @Test(arguments: ["/api/jobs/%C2%85%", "/krea/api/jobs/%00?x"])
    func `an address for programs that is not well formed is refused in JSON`(path: String) throws {
        let answer = try WebFixture().send(.delete, path)
        #expect(answer.status == 400)
        #expect(answer.json["code"] == "bad_request")
        #expect(try WebFixture().get("/jobs/%00?/api/")["Content-Type"] == "text/html; charset=utf-8")
    }

    @Test(arguments: ["video/kling/kling-2", "audio/x", "text/y", "enhance/topaz/upscale"])
    func `a video route is refused in words`(route: String) throws {
        let answer = try WebFixture().postJSON("{}", to: "/api/generate/\(route)")
        #expect(answer.status == 404)
        #expect(answer.json["code"] == "images_only")
        #expect(answer.json["error"]?.text?.hasPrefix("Only images are made here") == true)
    }

    @Test(arguments: ["/", "/api/jobs", "/health", "/nothing", "/api/nothing", "/%"])
    func `every answer has the protecting headers`(path: String) throws {
        let answer = try WebFixture(settings: .init(imageSources: ["http://127.0.0.1:8081"])).get(path)
        #expect(answer["X-Content-Type-Options"] == "nosniff")
        #expect(answer["Referrer-Policy"] == "same-origin")
        #expect(
            answer["Content-Security-Policy"]
                == "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' https://krea.ai https://*.krea.ai http://127.0.0.1:8081; "
                + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
    }

    @Test func `the store is asked before health says ok`() throws {
        let answer = try WebFixture().get("/health")
        #expect(answer.text == "ok\n")
        #expect(answer["Content-Type"] == "text/plain; charset=utf-8")
        let fixture = WebFixture(pages: BrokenStore())
        #expect(try fixture.get("/health").status == 503)
        #expect(fixture.log.lines.count == 1)
    }

    @Test(arguments: ["/api/jobs", "/jobs/\(unknown)", "/api/jobs/\(unknown)"])
    func `an error of the store reaches the transport`(path: String) throws {
        #expect(throws: BrokenStore.Failure.self) { try WebFixture(pages: BrokenStore()).get(path) }
    }

    @Test(
        arguments: [
            ("/api/jobs", true, ""), ("/krea/api/jobs", true, ""), ("/a/b/api/jobs/x?y", true, ""), ("/krea/api/unheard-of", true, ""),
            ("/", false, "/"), ("/krea/", false, "/krea/"), ("/a/b/jobs/17", false, "/a/b/"), ("/nothing", false, "/"), ("/%", false, "/"),
            (nil, false, "/"),
        ] as [(String?, Bool, String)])
    func `what the transport found wrong looks like the place that was asked`(path: String?, isJSON: Bool, mount: String) throws {
        let answer = WebFixture().problem(.post, path)
        #expect(answer.status == 413)
        if isJSON {
            #expect(answer.json["error"] == "The body is larger than 5 bytes.")
            #expect(answer.json["code"] == "body_too_large")
            #expect(answer.json["request_id"] == "r-17")
        } else {
            #expect(answer["Content-Type"] == "text/html; charset=utf-8")
            #expect(answer.text.contains("The body is larger than 5 bytes."))
            #expect(answer.text.contains("r-17"))
            #expect(answer.text.contains("href=\"\(mount)static/style.css\""))
        }
        #expect(answer["X-Content-Type-Options"] == "nosniff")
        #expect(answer["Cache-Control"] == "no-store")
    }
}
