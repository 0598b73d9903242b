import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// A job in each state.
@Suite struct JobStateTests {
    private let fixture = WebFixture()

    private func json(_ id: JobID) throws -> [String: JSONValue] { try fixture.get("/api/jobs/\(id)").json }

    @Test func `a waiting job tells its place and when it starts, on the page too`() throws {
        _ = try JobDriver(fixture)
        _ = try JobDriver(fixture)
        let driver = try JobDriver(fixture)
        let job = try json(driver.id)
        #expect(job["status"] == "backlogged")
        #expect(job["position"] == 2)
        #expect(job["message"] == "2 jobs ahead in the queue; starts at 12:00:20 UTC.")
        #expect(job["starts_at"] == .string((fixture.time.now + .seconds(20)).iso8601))
        let page = try fixture.get("/jobs/\(driver.id)")
        #expect(page.text.contains("<h2>In the queue</h2>"))
        let moment = (fixture.time.now + .seconds(20)).iso8601
        #expect(
            page.text.contains("2 jobs ahead in the queue. Your picture starts at <time datetime=\"\(moment)\">12:00:20 UTC</time>"))
        #expect(
            page.text.contains(
                " and should be ready by <time datetime=\"\((fixture.time.now + .seconds(50)).iso8601)\">12:00:50 UTC</time>.")
        )
        #expect(page.text.contains("<progress max=\"100\" value=\"0\""))
        #expect(page["Refresh"] == nil)
        #expect(page.text.contains("<noscript><meta http-equiv=\"refresh\" content=\"1\"></noscript>"))
        #expect(page["Cache-Control"] == "no-store")
        #expect(page.text.contains("<a href=\"/?like=\(driver.id)\">Create another picture</a>"))
    }

    @Test func `a picture is expected after the time that its model usually took`() throws {
        let before = try JobDriver(fixture)
        try before.submit()
        try before.poll(KreaJob(id: "k", status: "completed", urls: ["https://krea.ai/1.png"]))
        fixture.time.advance(by: .seconds(60))
        let driver = try JobDriver(fixture)
        let job = try json(driver.id)
        #expect(job["starts_at"] == "2026-03-01T12:01:06.000Z")
        #expect(job["expected_at"] == "2026-03-01T12:01:12.000Z")
        let moment = "<time datetime=\"2026-03-01T12:01:12.000Z\">12:01:12 UTC</time>"
        #expect(try fixture.get("/jobs/\(driver.id)").text.contains("and should be ready by \(moment)."))
        let other = try JobDriver(fixture, members: ", \"model\": \"flux\"")
        #expect(try json(other.id)["expected_at"] == "2026-03-01T12:02:46.000Z")
    }

    @Test func `a job that is being submitted is queued`() throws {
        let driver = try JobDriver(fixture)
        try driver.claimSubmit()
        let job = try json(driver.id)
        #expect(job["status"] == "queued")
        #expect(job["state"] == "submitting")
        #expect(job["message"] == "Sending to Krea.")
        #expect(try fixture.get("/jobs/\(driver.id)").text.contains("<h2>Sending to Krea</h2>"))
    }

    @Test func `a job whose answer was lost is queued and being checked`() throws {
        let driver = try JobDriver(fixture)
        try driver.submit(.noAnswer)
        let job = try json(driver.id)
        #expect(job["status"] == "queued")
        #expect(job["state"] == "unconfirmed")
        #expect(job["message"]?.text?.contains("It is sent again only if Krea does not have it.") == true)
        let page = try fixture.get("/jobs/\(driver.id)")
        #expect(page.text.contains("<h2>Checking with Krea</h2>"))
        #expect(page.text.contains("http-equiv=\"refresh\" content=\"6\""))
    }

    @Test func `a running job tells Krea's word and when the picture is expected`() throws {
        let driver = try JobDriver(fixture)
        try driver.submit()
        try driver.poll(KreaJob(id: "k", status: "sampling"))
        let job = try json(driver.id)
        #expect(job["status"] == "sampling")
        #expect(job["state"] == "running")
        #expect(job["message"] == "Krea is working on it: sampling. Expected by 12:00:30 UTC.")
        let page = try fixture.get("/jobs/\(driver.id)")
        #expect(page.text.contains("<h2>In progress</h2>"))
        #expect(page.text.contains("<progress max=\"100\" value=\"20\""))
        #expect(page.text.contains("http-equiv=\"refresh\" content=\"6\""))
    }

    @Test func `while Krea wants silence, jobs without an end say so and others do not`() throws {
        let done = try JobDriver(fixture)
        try done.submit(.refused(JobFailure(.refused)))
        let driver = try JobDriver(fixture)
        try driver.submit(.rateLimited(retryAfter: nil))
        #expect(try json(driver.id)["message"] == "Rate limited — wait 1 min")
        #expect(try fixture.get("/jobs/\(driver.id)").text.contains("Rate limited — wait 1 min"))
        #expect(try json(done.id)["message"]?.text?.contains("Rate limited") == false)
        let answer = try fixture.get("/api/jobs/\(driver.id)")
        #expect(answer["Retry-After"] == "30")
        #expect(answer["Cache-Control"] == "max-age=30, stale-while-revalidate=1")
        fixture.time.advance(by: .seconds(30))
        #expect(try json(driver.id)["message"] == "Next in the queue; starts at 12:00:40 UTC.")
    }

    @Test func `a completed job tells the model, what was asked for, and the addresses`() throws {
        let driver = try JobDriver(fixture, members: ", \"model\": \"flux\", \"batch_size\": 2")
        try driver.submit()
        let urls = ["https://gen.krea.ai/images/1.png", "https://gen.krea.ai/images/2.png"]
        try driver.poll(KreaJob(id: "k", status: "completed", urls: urls))
        let job = try json(driver.id)
        #expect(job["status"] == "completed")
        #expect(job["state"] == "completed")
        #expect(job["error"] == .null)
        #expect(job["message"] == "Generated with Flux: a lighthouse at dusk")
        #expect(job["result"] == .object(["urls": .array(urls.map(JSONValue.string)), "kept_urls": .array([.null, .null])]))
        #expect(job["completed_at"] == .string(fixture.time.now.iso8601))
        #expect(job["expected_at"] == .null)
        let page = try fixture.get("/jobs/\(driver.id)")
        #expect(page.text.contains("Generated with Flux: a lighthouse at dusk"))
        for url in urls {
            #expect(page.text.contains("<img src=\"\(url)\" alt=\"a lighthouse at dusk\" dir=\"auto\"></a>"))
            #expect(page.text.contains("<li><a href=\"\(url)\">\(url)</a></li>"))
        }
        #expect(!page.text.contains("http-equiv"))
        #expect(!page.text.contains("<progress"))
        #expect(page.text.contains("<a href=\"/?like=\(driver.id)\">Create another picture</a>"))
    }

    @Test(arguments: ContentRefusal.allCases)
    func `a refusal of the content says for what, and never quotes the prompt`(reason: ContentRefusal) throws {
        let driver = try JobDriver(fixture)
        try driver.submit(.refused(JobFailure(.contentRefused, because: reason)))
        let job = try json(driver.id)
        #expect(job["error"]?.members?["code"] == "content_refused")
        #expect(job["error"]?.members?["reason"] == .string(reason.rawValue))
        let message = try #require(job["message"]?.text)
        #expect(message.contains("(\(reason.rawValue))"))
        #expect(!message.contains("lighthouse"))
        #expect(try fixture.get("/jobs/\(driver.id)").text.contains("<p class=\"problem\">\(message)</p>"))
    }

    @Test(arguments: JobFailure.Code.allCases)
    func `every failure tells its code and its suggestion, and Krea's own words`(code: JobFailure.Code) throws {
        let driver = try JobDriver(fixture)
        let failure = JobFailure(code, detail: "balance 0")
        try driver.submit(.refused(failure))
        let job = try json(driver.id)
        #expect(job["status"] == "failed")
        #expect(job["state"] == "failed")
        #expect(job["result"] == .null)
        #expect(
            job["error"]
                == .object(["code": .string(code.rawValue), "message": .string(failure.message), "detail": "balance 0"]))
        #expect(job["message"] == .string(failure.message))
        let page = try fixture.get("/jobs/\(driver.id)")
        let escaped: HTML = "<p class=\"problem\">\(failure.message)</p>"
        #expect(page.text.contains("<h2>No picture</h2>"))
        #expect(page.text.contains(escaped.source))
        #expect(page.text.contains("<blockquote dir=\"auto\">balance 0</blockquote>"))
        #expect(!page.text.contains("http-equiv"))
    }

    @Test func `a job that timed out is failed for programs, with the words of the brief`() throws {
        let driver = try JobDriver(fixture)
        try driver.timeOut()
        let job = try json(driver.id)
        let sentence = "Job timed out — complex prompts take longer, try simpler or check quota."
        #expect(job["status"] == "failed")
        #expect(job["state"] == "timed_out")
        #expect(job["message"] == .string(sentence))
        #expect(job["error"] == .object(["code": "timed_out", "message": .string(sentence)]))
        let page = try fixture.get("/jobs/\(driver.id)")
        #expect(page.text.contains("<h2>Timed out</h2>"))
        #expect(page.text.contains(sentence))
    }

    @Test func `a cancelled job says so`() throws {
        let driver = try JobDriver(fixture)
        try driver.submit()
        try driver.poll(KreaJob(id: "k", status: "cancelled"))
        let job = try json(driver.id)
        #expect(job["status"] == "cancelled")
        #expect(job["error"]?.members?["code"] == "cancelled")
        #expect(try fixture.get("/jobs/\(driver.id)").text.contains("<h2>Cancelled</h2>"))
    }

    @Test func `an unknown job has a page of its own`() throws {
        let page = try fixture.get("/jobs/\(JobID.sample(99))")
        #expect(page.status == 404)
        #expect(page.text.contains("There is no job with this ID."))
        #expect(page.text.contains("<a href=\"/\">"))
    }

    @Test(arguments: [
        ("a lighthouse\n  at dusk ", "a lighthouse at dusk"),
        (String(repeating: "x", count: 80), String(repeating: "x", count: 80)),
        (String(repeating: "x", count: 81), String(repeating: "x", count: 79) + "…"),
        (String(repeating: "seven77 ", count: 20), String(repeating: "seven77 ", count: 8) + "seven77…"),
    ])
    func `a long prompt is cut to one line of 80 characters, at a word where there is one`(prompt: String, summary: String) throws {
        #expect(try GenerationRequest.validate(["prompt": .string(prompt)]).request.summary == summary)
    }
}
