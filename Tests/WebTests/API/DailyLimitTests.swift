import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Limits of a day.
@Suite struct DailyLimitTests {
    private func world(pictures: Int? = nil, spend: Double? = nil) -> WebFixture {
        var limits = QueueLimits()
        limits.daily.pictures = pictures
        limits.daily.spend = spend.map(Money.init(usd:))
        return WebFixture(store: temporaryStore(limits: limits))
    }

    @Test func `a program reads with each answer what is left, and is refused until midnight when nothing is`() throws {
        let fixture = world(pictures: 3)
        let first = try fixture.postJSON(#"{"prompt": "x", "batch_size": 2}"#)
        #expect(first.status == 202)
        #expect(first["RateLimit-Policy"] == "\"pictures\";q=3;w=86400")
        #expect(first["RateLimit"] == "\"pictures\";r=1;t=43200")
        let refused = try fixture.postJSON(#"{"prompt": "x", "batch_size": 2}"#)
        #expect(refused.status == 429)
        #expect(refused["Retry-After"] == "43200")
        #expect(refused["RateLimit"] == "\"pictures\";r=1;t=43200")
        #expect(refused["RateLimit-Policy"] == "\"pictures\";q=3;w=86400")
        #expect(refused.json["code"] == "daily_limit")
        #expect(
            refused.json["error"] == "You may create 3 pictures a day and have 1 left; the count starts again at 00:00 UTC.")
        let last = try fixture.postJSON(#"{"prompt": "x"}"#, to: "/api/generate/image/bfl/flux-1-dev")
        #expect(last.status == 200)
        #expect(last["RateLimit"] == "\"pictures\";r=0;t=43200")
        #expect(try fixture.get("/api/jobs")["RateLimit"] == nil)
    }

    @Test func `without a limit nothing is said of one`() throws {
        let answer = try world().postJSON(#"{"prompt": "x"}"#)
        #expect(answer.status == 202)
        #expect(answer["RateLimit"] == nil)
        #expect(answer["RateLimit-Policy"] == nil)
        #expect(try !world().get("/").text.contains("id=\"left\""))
    }

    @Test func `the form says what is left, in both languages, and each user has an own count`() throws {
        let fixture = world(pictures: 2)
        _ = try fixture.postJSON(#"{"prompt": "x"}"#)
        #expect(try fixture.get("/").text.contains("1 of your 2 pictures a day left; the count starts again at 00:00:00 UTC."))
        #expect(try fixture.get("/?lang=zh-Hans").text.contains("您每天可生成 2 张图片，今天还剩 1 张"))
        #expect(try fixture.get("/", user: "eve").text.contains("2 of your 2 pictures"))
        let sent = try fixture.postForm("prompt=x")
        #expect(sent.status == 303)
        #expect(sent["RateLimit"] == "\"pictures\";r=0;t=43200")
        let chinese = try fixture.postForm("prompt=x", to: "/?lang=zh-Hans")
        #expect(chinese.status == 429)
        #expect(chinese["Retry-After"] == "43200")
        #expect(chinese.text.contains("每天最多 2 张图片，今天还剩 0 张"))
        #expect(chinese.text.contains("<textarea id=\"prompt\""))
    }

    @Test func `who is refused for the operator's money is told that it is the operator's, and not how much`() throws {
        let fixture = world(spend: 0.15)
        #expect(try fixture.postJSON(#"{"prompt": "x"}"#).status == 202)
        let refused = try fixture.postJSON(#"{"prompt": "x"}"#)
        #expect(refused.status == 429)
        #expect(refused["Retry-After"] == "43200")
        #expect(refused["RateLimit"] == nil)
        #expect(refused.json["code"] == "spend_limit")
        let never = try fixture.postJSON(#"{"prompt": "x", "batch_size": 2}"#)
        #expect(never.status == 422)
        #expect(never.json["code"] == "too_expensive")
        #expect(never["Retry-After"] == nil)
        for text in [refused.text, never.text] {
            #expect(!text.contains("0.15"))
            #expect(!text.contains("$"))
        }
        #expect(try !fixture.get("/").text.contains("id=\"left\""))
        let spent = self.world(spend: 0.1)
        _ = try spent.postJSON(#"{"prompt": "x"}"#)
        let words = "The daily spending limit is reached; jobs continue at 00:00:00 UTC."
        #expect(try spent.get("/").text.contains("<p class=\"note\" id=\"left\">\(words)</p>"))
        #expect(try spent.get("/?lang=zh-Hans").text.contains("管理员设定的每日费用已用完"))
    }

    @Test func `a job that waits for the next day's money says so`() throws {
        let fixture = world(spend: 0.25)
        let (first, second) = (try JobDriver(fixture), try JobDriver(fixture))
        let call = try fixture.store.claimCatalogue(by: fixture.epoch, at: fixture.time.now).granted()
        let route = KreaRoute(
            path: "google/nano-banana-2", fields: [.prompt: FieldRule(name: "prompt", isRequired: true)], prices: [.init(usd: 0.2)])
        try fixture.store.recordCatalogue(.answered([route]), for: call, at: fixture.time.now)
        try first.submit()
        _ = try fixture.store.claimSubmit(by: fixture.epoch, at: fixture.time.now + .seconds(60))
        let job = try fixture.get("/api/jobs/\(second.id)")
        #expect(job.json["message"] == "The daily spending limit is reached; jobs continue at 00:00:00 UTC.")
        #expect(job.json["starts_at"] == "2026-03-02T00:00:00.000Z")
        #expect(job["Cache-Control"] == "max-age=10, stale-while-revalidate=1")
        #expect(try fixture.get("/api/jobs/\(first.id)").json["message"]?.text?.hasPrefix("Krea is working on it") == true)
    }
}
