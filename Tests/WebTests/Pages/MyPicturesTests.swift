import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// My pictures.
@Suite struct MyPicturesTests {
    private let fixture = WebFixture()

    private func finished(_ prompt: String) throws -> JobID {
        let driver = try JobDriver(fixture, prompt: prompt)
        try driver.submit()
        try driver.poll(KreaJob(id: "k-\(prompt)", status: "completed", urls: ["https://krea.ai/\(prompt).png"]))
        return driver.id
    }

    @Test func `a browser that names its jobs gets them in its order, each with its picture and what can be done with it`() throws {
        let first = try finished("one")
        let second = try JobDriver(fixture, prompt: "two").id
        let page = try fixture.get("/krea/mine?ids=\(second),nonsense,\(JobID.sample(77)),\(first)", mount: "/krea")
        #expect(page.status == 200)
        #expect(page["Cache-Control"] == "no-store")
        let places = try ["/krea/jobs/\(second)", "/krea/jobs/\(first)"].map { try #require(page.text.firstRange(of: $0)).lowerBound }
        #expect(places == places.sorted())
        #expect(page.text.contains("<img src=\"https://krea.ai/one.png\" alt=\"\" loading=\"lazy\">"))
        #expect(page.text.contains("<a href=\"https://krea.ai/one.png\" download>Download</a>"))
        #expect(page.text.contains("data-copy=\"https://krea.ai/one.png\" data-alt=\"one\""))
        #expect(page.text.contains("<a href=\"/krea/?again=\(first)\">Use again</a>"))
        #expect(page.text.contains("<span>In the queue</span>"))
    }

    @Test func `who is signed in gets the own jobs on the form, from the store; nobody else's address is enough for that`() throws {
        let mine = try fixture.send(
            .post, "/api/jobs", user: "ann", [.contentType: "application/json"], #"{"prompt": "mine"}"#
        ).json["job_id"]?.text
        _ = try JobDriver(fixture, prompt: "somebody else's")
        let form = try fixture.get("/", user: "ann")
        #expect(form.text.contains("/jobs/\(try #require(mine))\""))
        #expect(!form.text.contains("somebody else"))
        #expect(form.text.contains("data-from=\"/mine\">"))
        #expect(!form.text.contains("data-local"))
        let other = try fixture.get("/")
        #expect(!other.text.contains("/jobs/"))
        #expect(other.text.contains("data-from=\"/mine\" data-local hidden>"))
        #expect(try fixture.get("/mine?ids=\(try #require(mine))", user: "bob").text.contains("No pictures yet."))
    }

    @Test(arguments: ["cross-site", "same-site"])
    func `a link of another site does not show its jobs as those of the reader`(links: String) throws {
        let id = try finished("one")
        #expect(try !fixture.get("/mine?ids=\(id)", [.secFetchSite: links]).text.contains("/jobs/\(id)"))
        #expect(try fixture.get("/mine?ids=\(id)", [.secFetchSite: "same-origin"]).text.contains("/jobs/\(id)"))
    }

    @Test func `who sends a form is led to an address that only a browser with that form can know`() throws {
        let token = try #require(try fixture.get("/").formToken)
        let answer = try fixture.postForm("form_token=\(token)&prompt=x")
        #expect(answer["Location"]?.hasSuffix("#new=\(token)") == true)
        // A program's form has none, and the one that it is given is no other's.
        #expect(try fixture.postForm("prompt=x")["Location"]?.firstMatch(of: /#new=[0-9a-f-]{36}$/) != nil)
    }

    @Test func `no more than 12 are shown, however many are named`() throws {
        let ids = try (1...13).map { try JobDriver(fixture, prompt: "job \($0)").id.description }
        let page = try fixture.get("/mine?ids=\(ids.joined(separator: ","))").text
        #expect(page.ranges(of: "class=\"thumb\"").count == 12)
        #expect(!page.contains("job 13"))
    }

    @Test func `a job can be used again: the form has its settings, and its prompt where that is wanted, too`() throws {
        let driver = try JobDriver(
            fixture, prompt: "a <b>lighthouse</b>",
            members:
                ", \"model\": \"flux\", \"width\": 640, \"aspect_ratio\": \"16:9\", \"image_urls\": [\"https://krea.ai/a.png\", \"https://krea.ai/b.png\"]"
        )
        let again = try fixture.get("/?again=\(driver.id)").text
        #expect(again.contains(">\na &lt;b&gt;lighthouse&lt;/b&gt;</textarea>"))
        #expect(again.contains("value=\"flux\" checked>"))
        #expect(again.contains("name=\"width\" value=\"640\""))
        #expect(again.contains("name=\"ratio\" value=\"16:9\" checked>"))
        #expect(again.contains(">\nhttps://krea.ai/a.png\nhttps://krea.ai/b.png</textarea>"))
        #expect(again.contains("<details open>"))
        let like = try fixture.get("/?like=\(driver.id)").text
        #expect(!like.contains("lighthouse"))
        #expect(like.contains("value=\"flux\" checked>"))
        #expect(try fixture.get("/?again=\(JobID.sample(5))").text.contains("value=\"nano-banana-2\" checked>"))
    }

    @Test func `one of the usual ratios counts where no other is typed`() throws {
        for (fields, ratio) in [("ratio=16%3A9", "16:9"), ("ratio=16%3A9&aspect_ratio=5%3A4", "5:4"), ("ratio=&aspect_ratio=5%3A4", "5:4")]
        {
            #expect(try fixture.postForm("prompt=x&\(fields)").status == 303)
            #expect(try fixture.jobs.first?.request.aspectRatio == ratio)
        }
        #expect(try fixture.postForm("prompt=x&ratio=").status == 303)
        #expect(try fixture.jobs.first?.request.aspectRatio == nil)
        let wrong = try fixture.postForm("prompt=x&ratio=wide")
        #expect(wrong.status == 422)
        #expect(wrong.text.contains("id=\"aspect_ratio-problem\""))
    }
}
