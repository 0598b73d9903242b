import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Looking again.
@Suite struct ResumeTests {
    private let fixture = WebFixture()

    private func resume(_ driver: JobDriver) throws -> Answer { try fixture.send(.post, "/api/jobs/\(driver.id)/resume") }

    @Test func `a job that timed out goes on being asked for: 202 with the job`() throws {
        let driver = try JobDriver(fixture)
        try driver.timeOut()
        let answer = try resume(driver)
        #expect(answer.status == 202)
        #expect(answer["Retry-After"] == "6")
        #expect(answer["Cache-Control"] == "no-store")
        #expect(answer.json["state"] == "running")
        #expect(answer.json["error"] == .null)
        #expect(answer.json["completed_at"] == .null)
        #expect(answer.json == (try fixture.get("/api/jobs/\(driver.id)").json))
        try driver.poll(KreaJob(id: "k", status: "completed", urls: ["https://krea.ai/1.png"]))
        #expect(try fixture.get("/api/jobs/\(driver.id)").json["status"] == "completed")
        #expect(fixture.log.lines.last == "info resumption asked for job=\(driver.id)")
    }

    @Test func `any other job is 409 with the job`() throws {
        let done = try JobDriver(fixture)
        try done.submit(.refused(JobFailure(.refused)))
        let running = try JobDriver(fixture)
        try running.submit()
        let waiting = try JobDriver(fixture)
        for driver in [done, running, waiting] {
            let answer = try resume(driver)
            #expect(answer.status == 409)
            #expect(
                answer.json == [
                    "error": "Only a job whose picture Krea may still deliver can be checked again.", "code": "not_timed_out",
                    "job": .object(try fixture.get("/api/jobs/\(driver.id)").json),
                ])
        }
    }

    @Test func `the page of a job that timed out has a button that says what it may cost, and other pages have none`() throws {
        let driver = try JobDriver(fixture)
        let button = "<form class=\"action\" method=\"post\" action=\"/jobs/\(driver.id)/resume\">"
        #expect(try !fixture.get("/jobs/\(driver.id)").text.contains(button))
        try driver.timeOut()
        let page = try fixture.get("/jobs/\(driver.id)").text
        #expect(page.contains(button))
        #expect(page.contains(">Check again</button>"))
        #expect(page.contains("Krea may still finish it and charge for it."))
        #expect(!page.contains("/cancel\""))
        for _ in 1...2 {
            let answer = try fixture.postForm("", to: "/jobs/\(driver.id)/resume")
            #expect(answer.status == 303)
            #expect(answer["Location"] == "/jobs/\(driver.id)")
        }
        let resumed = try fixture.get("/jobs/\(driver.id)").text
        #expect(resumed.contains("<h2>In progress</h2>"))
        #expect(!resumed.contains(button))
    }

    @Test func `a job whose picture is on a host that is not allowed says so in both languages, and can be looked at again`() throws {
        let driver = try JobDriver(fixture)
        try driver.submit()
        try driver.poll(KreaJob(id: "k", status: "completed", foreignURLs: ["https://cdn.example/1.png?key=a"]))
        let job = try fixture.get("/api/jobs/\(driver.id)")
        #expect(job.json["error"]?.members?["code"] == "foreign_host")
        #expect(job["Cache-Control"] == "private, no-cache")
        // Whose address it is, the operator reads elsewhere.
        #expect(!job.text.contains("cdn.example"))
        let page = try fixture.get("/jobs/\(driver.id)").text
        #expect(page.contains("the picture is on a host that is not allowed here"))
        #expect(!page.contains("cdn.example"))
        #expect(page.contains("Krea may still have the picture, which has been paid for."))
        #expect(page.contains("/jobs/\(driver.id)/resume\""))
        #expect(try fixture.get("/jobs/\(driver.id)?lang=zh-Hans").text.contains("图片位于此处不允许的主机"))
        #expect(try resume(driver).status == 202)
        try driver.poll(KreaJob(id: "k", status: "completed", urls: ["https://krea.ai/1.png"]))
        #expect(try fixture.get("/api/jobs/\(driver.id)").json["status"] == "completed")
    }

    @Test func `while Krea has finished and named no picture, programs read that it goes on`() throws {
        let driver = try JobDriver(fixture)
        try driver.submit()
        try driver.poll(KreaJob(id: "k", status: "completed"))
        let job = try fixture.get("/api/jobs/\(driver.id)").json
        #expect(job["status"] == "processing")
        #expect(job["state"] == "running")
        #expect(job["result"] == .null)
        #expect(job["parts"]?.elements?.first?.members?["krea_status"] == "completed")
    }

    @Test func `without a token for Krea nothing is looked at again`() throws {
        let store = temporaryStore()
        let driver = try JobDriver(WebFixture(store: store))
        try driver.timeOut()
        let fixture = WebFixture(settings: .init(hasToken: false), store: store)
        let answer = try fixture.send(.post, "/api/jobs/\(driver.id)/resume")
        #expect(answer.status == 503)
        #expect(answer.json["code"] == "token_missing")
        #expect(try fixture.get("/api/jobs/\(driver.id)").json["state"] == "timed_out")
    }
}
