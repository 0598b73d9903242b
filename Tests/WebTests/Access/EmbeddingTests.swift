import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// The form in a frame of another site.
@Suite struct EmbeddingTests {
    private let fixture = WebFixture(settings: .init(embedOrigins: Origins("https://friend.example,https://other.example:8443")!))
    private static let ancestors = "frame-ancestors https://friend.example https://other.example:8443"

    private func links(_ answer: Answer) -> [String] {
        answer.text.matches(of: /(?:href|action)="(\/[^"]*)"/).map { String($0.1) }
    }

    @Test func `the form stands without a header, and leads on within the frame`() throws {
        let answer = try fixture.get("/krea/embed", mount: "/krea")
        #expect(answer.status == 200)
        #expect(!answer.text.contains("<header>"))
        #expect(answer.text.contains("<body class=\"embedded\">"))
        #expect(answer["Content-Security-Policy"]?.hasSuffix(Self.ancestors) == true)
        #expect(answer.text.contains("<form method=\"post\" action=\"/krea/embed\""))
        #expect(
            answer.text.contains(
                "<script src=\"/krea/static/frame.js\" data-origins=\"https://friend.example https://other.example:8443\" defer></script>"))
        #expect(links(answer).allSatisfy { $0.hasPrefix("/krea/embed") || $0.hasPrefix("/krea/static/") }, "\(links(answer))")
    }

    @Test func `a link fills the form in, but for its name`() throws {
        let token = JobID.sample(5)
        let answer = try fixture.get("/embed?model=flux&prompt=a%20%3Cb%3E&aspect_ratio=16%3A9&form_token=\(token)")
        #expect(answer.text.contains("value=\"flux\" checked"))
        #expect(answer.text.contains("a &lt;b&gt;</textarea>"))
        #expect(answer.text.contains("value=\"16:9\""))
        #expect(answer.formToken != token.description)
        #expect(try fixture.get("/embed?%zz").status == 200)
    }

    @Test func `a post becomes a job, whose page stays in the frame; what leaves it opens elsewhere`() throws {
        let sent = try fixture.postForm("prompt=x", to: "/krea/embed", mount: "/krea", [.secFetchSite: "same-origin"])
        #expect(sent.status == 303)
        let location = try #require(sent["Location"]?.split(separator: "#").first.map(String.init))
        #expect(location.hasPrefix("/krea/embed/jobs/"))
        let page = try fixture.get(location, mount: "/krea")
        #expect(page.status == 200)
        #expect(!page.text.contains("<header>"))
        #expect(page["Content-Security-Policy"]?.hasSuffix(Self.ancestors) == true)
        #expect(page.text.contains("http-equiv=\"refresh\""))
        #expect(links(page).contains("\(location)/cancel"))

        let id = try #require(JobID(location.split(separator: "/").last ?? ""))
        try JobDriver(fixture, id: id).submit(.answered(KreaJob(id: "k", status: "completed", urls: ["https://gen.krea.ai/1.png"])))
        let done = try fixture.get(location, mount: "/krea")
        let leaving = done.text.matches(of: /<a href="https:[^>]*>/).map { String($0.0) }
        #expect(leaving.count == 2, "\(leaving)")
        #expect(leaving.allSatisfy { $0.contains("target=\"_blank\" rel=\"noopener\"") }, "\(leaving)")
        #expect(links(done).contains("/krea/embed?like=\(id)"))
        #expect(links(done).contains("/krea/embed?again=\(id)"))
        #expect(try fixture.get("/krea/embed?again=\(id)", mount: "/krea").text.contains("x</textarea>"))
        #expect(try !fixture.get("/krea/jobs/\(id)", mount: "/krea").text.contains("_blank"))
    }

    @Test func `the buttons of a job lead back into the frame`() throws {
        let id = try JobDriver(fixture).id
        let pressed = try fixture.postForm("", to: "/embed/jobs/\(id)/cancel")
        #expect(pressed.status == 303)
        #expect(pressed["Location"] == "/embed/jobs/\(id)")
        #expect(try fixture.get("/api/jobs/\(id)").json["state"] == "cancelled")
    }

    @Test func `a wrong form and a refusal stay in the frame`() throws {
        let wrong = try fixture.postForm("prompt=", to: "/embed")
        let missing = try fixture.get("/embed/jobs/\(JobID.sample(99))")
        #expect(wrong.status == 422)
        #expect(missing.status == 404)
        for answer in [wrong, missing] {
            #expect(!answer.text.contains("<header>"))
            #expect(answer["Content-Security-Policy"]?.hasSuffix(Self.ancestors) == true)
            #expect(links(answer).allSatisfy { $0.hasPrefix("/embed") || $0.hasPrefix("/static/") })
        }
        #expect(try fixture.postForm("prompt=x", to: "/embed", [.secFetchSite: "cross-site"]).status == 403)
        #expect(try fixture.send(.delete, "/embed")["Allow"] == "GET, HEAD, POST")
    }

    @Test(arguments: [
        "/embed/", "/embed/embed", "/embed/api/jobs", "/embed/health", "/embed/jobs/\(JobID.sample(99)).json", "/embed/i/-_8B/eA.png",
        "/embedded",
    ])
    func `nothing else is there in a frame`(path: String) throws {
        #expect(try fixture.get(path).status == 404)
    }

    @Test(arguments: ["/", "/jobs/\(JobID.sample(99))", "/api/models", "/health", "/embedded", "/%"])
    func `all other pages are in no frame`(path: String) throws {
        let policy = try fixture.get(path)["Content-Security-Policy"]
        #expect(policy?.hasSuffix("frame-ancestors 'none'") == true)
    }

    @Test(arguments: ["/embed", "/embed/jobs/\(JobID.sample(99))"])
    func `where no site is named there is no form for frames`(path: String) throws {
        let fixture = WebFixture()
        let answer = try fixture.get(path)
        #expect(answer.status == 404)
        #expect(answer.text.contains("There is nothing at this address."))
        #expect(answer["Content-Security-Policy"]?.hasSuffix("frame-ancestors 'none'") == true)
        #expect(try fixture.postForm("prompt=x", to: "/embed").status == 404)
        #expect(try fixture.jobs.isEmpty)
    }
}
