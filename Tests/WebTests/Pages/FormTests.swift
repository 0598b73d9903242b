import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// The form.
@Suite struct FormTests {
    @Test func `the form offers every model with what it is best for and its usual time`() throws {
        let answer = try WebFixture().get("/")
        #expect(answer["Content-Type"] == "text/html; charset=utf-8")
        #expect(answer["Cache-Control"] == "no-store")
        for model in Model.all {
            let usual = "\(model.typicalSeconds.lowerBound)–\(model.typicalSeconds.upperBound) s"
            #expect(
                answer.text.contains("<strong>\(model.name)</strong>\n<small>\(English().bestFor(model))</small>\n<small>\(usual)</small>"))
        }
        #expect(answer.text.contains("value=\"nano-banana-2\" checked>"))
        for name in ["prompt", "model", "width", "height", "batch_size", "aspect_ratio", "image_urls", "steps", "form_token"] {
            #expect(answer.text.contains("name=\"\(name)\""))
        }
        #expect(answer.text.contains("Steps<span class=\"only\"> (only Flux)</span>"))
    }

    @Test func `a filled form becomes a job with what was typed`() throws {
        let fixture = WebFixture()
        let answer = try fixture.postForm(
            "prompt=a+lighthouse%0D%0Aat+dusk%2C+100%25&model=flux&width=+1024&height=768.0&batch_size=2&aspect_ratio=4%3A3+&steps=30"
                + "&image_urls=https%3A%2F%2Fkrea.ai%2Fa.png%0D%0A%0D%0A+https%3A%2F%2Fkrea.ai%2Fb.png%0D%0A&form_token=\(JobID.sample(5))")
        #expect(answer.status == 303)
        let job = try #require(try fixture.jobs.first)
        #expect(answer["Location"] == "/jobs/\(job.id)#new=\(JobID.sample(5))")
        #expect(job.request.prompt == "a lighthouse\nat dusk, 100%")
        #expect(job.request.model.id == "flux")
        #expect(job.request.width == 1024)
        #expect(job.request.height == 768)
        #expect(job.request.batchSize == 2)
        #expect(job.request.steps == 30)
        #expect(job.request.aspectRatio == "4:3")
        #expect(job.request.imageURLs == ["https://krea.ai/a.png", "https://krea.ai/b.png"])
        #expect(job.createdAt == fixture.time.now)
    }

    @Test func `fields that are empty are not given`() throws {
        let fixture = WebFixture()
        let answer = try fixture.postForm("prompt=x&model=&width=&height=+&batch_size=&aspect_ratio=&image_urls=%0D%0A&steps=")
        #expect(answer.status == 303)
        let request = try #require(try fixture.jobs.first).request
        #expect(request == (try GenerationRequest.validate(["prompt": "x"]).request))
    }

    @Test(arguments: [
        ("width", "99999", "width 99999 must be a whole number from 512 to 2368."),
        ("width", "wide", "width &quot;wide&quot; must be a whole number from 512 to 2368."),
        ("height", "0x400", "height &quot;0x400&quot; must be a whole number from 512 to 2368."),
        ("height", "1024.5", "height 1024.5 must be a whole number from 512 to 2368."),
        ("batch_size", "5", "batch_size 5 must be a whole number from 1 to 4."),
        ("steps", "-1", "steps -1 must be a whole number from 1 to 100."),
        ("aspect_ratio", "wide", "aspect_ratio &quot;wide&quot; must be a ratio like 16:9."),
    ])
    func `a wrong field comes back as it was typed, with the message at it`(name: String, value: String, sentence: String) throws {
        let fixture = WebFixture()
        let answer = try fixture.postForm("prompt=a+%22ship%22&model=flux&\(name)=\(value)")
        #expect(answer.status == 422)
        #expect(answer.text.contains("id=\"\(name)\" name=\"\(name)\" value=\"\(value)\""))
        #expect(answer.text.contains(" autofocus aria-invalid=\"true\" aria-describedby=\"\(name)-problem \(name)-hint\""))
        #expect(answer.text.contains("<p class=\"wrong\" id=\"\(name)-problem\">\(sentence)</p>"))
        #expect(answer.text.contains("<li><a href=\"#\(name)\">\(sentence)</a></li>"))
        #expect(answer.text.contains("a &quot;ship&quot;</textarea>"))
        #expect(answer.text.contains("value=\"flux\" checked>"))
        #expect(answer.text.contains("<details open>"))
        #expect(try fixture.jobs.isEmpty)
    }

    @Test func `a missing prompt and a field that no form has are named on top`() throws {
        let answer = try WebFixture().postForm("prompt=++&colour=red")
        #expect(answer.status == 422)
        #expect(answer.text.contains("<li><a href=\"#prompt\">prompt is required.</a></li>"))
        #expect(answer.text.contains("<li>colour is not a member of a request"))
        #expect(answer.text.contains("<details>"))
    }

    @Test func `the wrong form that comes back has the token that it had`() throws {
        let fixture = WebFixture()
        let token = try #require(try fixture.get("/").formToken)
        #expect(try fixture.postForm("prompt=&form_token=\(token)").formToken == token)
        #expect(try fixture.get("/").formToken != token)
    }

    @Test func `a double click makes one job, the same form with another prompt a second one`() throws {
        let fixture = WebFixture()
        let token = try #require(try fixture.get("/").formToken)
        let first = try fixture.postForm("prompt=x&form_token=\(token)")
        let second = try fixture.postForm("prompt=x&form_token=\(token)")
        #expect(first["Location"] == second["Location"])
        #expect(try fixture.jobs.count == 1)
        #expect(try fixture.postForm("prompt=y&form_token=\(token)")["Location"] != first["Location"])
        #expect(fixture.log.lines.count == 2)
    }

    @Test(arguments: ["", "&form_token=", "&form_token=1"])
    func `posts without a form's token are jobs of their own`(field: String) throws {
        let fixture = WebFixture()
        for _ in 1...2 { #expect(try fixture.postForm("prompt=x\(field)").status == 303) }
        #expect(try fixture.jobs.count == 2)
    }

    @Test(arguments: ["multipart/form-data; boundary=x", "text/plain", "application/json", "application/x-www-form-urlencodedX"])
    func `a form of another media type is 415`(type: String) throws {
        let fixture = WebFixture()
        #expect(try fixture.postForm("prompt=x", [.contentType: type]).status == 415)
        #expect(try fixture.jobs.isEmpty)
    }

    @Test func `the media type may have parameters and any case`() throws {
        let type = "Application/X-WWW-Form-Urlencoded; charset=UTF-8"
        #expect(try WebFixture().postForm("prompt=x", [.contentType: type]).status == 303)
    }

    @Test func `of a field that is much too long a page shows only the beginning again`() throws {
        let answer = try WebFixture().postForm("prompt=" + String(repeating: "%22", count: 300_000))
        #expect(answer.status == 422)
        #expect((40_000 * 6..<300_000).contains(answer.text.utf8.count))
        #expect(try WebFixture().postForm("prompt=a&image_urls=" + String(repeating: "x%0A", count: 100_000)).text.contains("at most"))
    }

    @Test func `a form of very many fields is 400, a page of it is never made`() throws {
        let answer = try WebFixture().postForm((0..<201).map { "field\($0)=1" }.joined(separator: "&"))
        #expect(answer.status == 400)
        let page = try WebFixture().postForm((0..<200).map { "field\($0)=1" }.joined(separator: "&"))
        #expect(page.status == 422)
        #expect(page.text.contains("<li>And 181 more.</li>"))
    }

    @Test(arguments: ["prompt=%", "prompt=%4", "prompt=%GG", "prompt=%FF"])
    func `a form that is not well encoded is 400`(body: String) throws {
        #expect(try WebFixture().postForm(body).status == 400)
    }

    @Test func `without a token for Krea the form says so, and keeps what is typed but no job`() throws {
        let sentence = "Krea API token not configured — set KREA_API_TOKEN env."
        let fixture = WebFixture(settings: .init(hasToken: false))
        let form = try fixture.get("/")
        #expect(form.status == 200)
        #expect(form.text.contains(">\(sentence)</p>"))
        let posted = try fixture.postForm("prompt=a+lighthouse&width=1")
        #expect(posted.status == 503)
        #expect(posted.text.contains(">\(sentence)</p>"))
        #expect(posted.text.contains("a lighthouse</textarea>"))
        #expect(posted.text.contains("name=\"width\" value=\"1\""))
        #expect(try fixture.jobs.isEmpty)
        #expect(!(try WebFixture().get("/").text.contains(sentence)))
    }

    @Test(arguments: ["/", "/nothing"])
    func `with a simulator every page says that pictures cost nothing`(path: String) throws {
        let sentence = "Pictures come from a simulator on this machine and cost nothing."
        #expect(try WebFixture(settings: .init(isSimulated: true)).get(path).text.contains(sentence))
        #expect(!(try WebFixture().get(path).text.contains(sentence)))
    }

    @Test func `a job in the log has its ID and model, and never its prompt`() throws {
        let fixture = WebFixture()
        _ = try fixture.postForm("prompt=secret&model=pro")
        let id = try #require(try fixture.jobs.first?.id)
        #expect(fixture.log.lines == ["info job accepted job=\(id) model=nano-banana-pro"])
    }

    @Test(arguments: [
        ("%E2%80%8B%EF%BB%BF%C2%AD", "prompt must contain something visible; all its characters are invisible."),
        ("%E3%85%A4%E2%A0%80", "prompt must contain something visible; all its characters are invisible."),
        ("a%00b", "prompt must not contain control characters other than tabs and line ends; it has U+0000."),
    ])
    func `a prompt of which nothing can be seen, or with a control character, comes back with a sentence about it`(
        prompt: String, sentence: String
    ) throws {
        let fixture = WebFixture()
        let answer = try fixture.postForm("prompt=\(prompt)")
        #expect(answer.status == 422)
        #expect(answer.text.contains("<p class=\"wrong\" id=\"prompt-problem\">\(sentence)</p>"))
        let chinese = try fixture.postForm("prompt=\(prompt)", [.acceptLanguage: "zh"])
        #expect(chinese.status == 422)
        #expect(!chinese.text.contains(sentence))
        #expect(try fixture.jobs.isEmpty)
    }

    @Test func `a broken part of a query takes nothing away from the others`() throws {
        let fixture = WebFixture()
        let id = try JobDriver(fixture, prompt: "a lighthouse").id
        for query in ["again=\(id)&utm=100%", "utm=%FF&again=\(id)", "%=1&again=\(id)", "again=%&again=\(id)"] {
            #expect(try fixture.get("/?\(query)").text.contains("a lighthouse</textarea>"), "\(query)")
        }
        #expect(try fixture.get("/mine?utm=100%&ids=\(id)").text.contains("a lighthouse"))
        #expect(try fixture.get("/?lang=zh-Hans&utm=%").text.contains("<html lang=\"zh-Hans\""))
        #expect(try fixture.get("/api/jobs?utm=%&limit=1").status == 200 && fixture.get("/api/jobs?utm=%&limit=%FF").status == 400)
        let embedding = WebFixture(settings: .init(embedOrigins: Origins("https://example.org")!))
        #expect(try embedding.get("/embed?prompt=a+ship&utm=100%").text.contains("a ship</textarea>"))
    }

    @Test func `form fields are decoded as the URL Standard says`() {
        let fields = FormFields("a=1&b=x+y%2Bz&&c&=d&a=2&e==&f=%C3%A9".utf8)
        #expect(fields?.values == ["a": "1", "b": "x y+z", "c": "", "": "d", "e": "=", "f": "é"])
        #expect(FormFields("".utf8) == FormFields())
    }
}
