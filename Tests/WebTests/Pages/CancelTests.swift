import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Cancelling.
@Suite struct CancelTests {
    private let fixture = WebFixture()
    private static let finished = "The job has already ended and cannot be cancelled."

    private func delete(_ driver: JobDriver) throws -> Answer { try fixture.send(.delete, "/api/jobs/\(driver.id)") }
    private func page(_ driver: JobDriver) throws -> Answer { try fixture.get("/jobs/\(driver.id)") }
    private func hasButton(_ driver: JobDriver) throws -> Bool {
        try page(driver).text.contains("<form class=\"action\" method=\"post\" action=\"/jobs/\(driver.id)/cancel\">")
    }

    @Test func `a waiting job is cancelled at once: 200 with the job, and its place goes to the next`() throws {
        let first = try JobDriver(fixture)
        let second = try JobDriver(fixture)
        let answer = try delete(first)
        #expect(answer.status == 200)
        #expect(answer["Cache-Control"] == "no-store")
        #expect(answer["Retry-After"] == nil)
        #expect(answer.json["status"] == "cancelled")
        #expect(answer.json["error"]?.members?["code"] == "cancelled_before_start")
        #expect(answer.json == (try fixture.get("/api/jobs/\(first.id)").json))
        #expect(try fixture.get("/api/jobs/\(second.id)").json["position"] == 0)
        #expect(fixture.log.lines.last == "info cancellation asked for job=\(first.id) state=cancelled")
    }

    @Test func `a job that Krea has is marked: 202 with the job, as often as it is asked for`() throws {
        let driver = try JobDriver(fixture)
        try driver.submit()
        #expect(try fixture.get("/api/jobs/\(driver.id)").json["cancel_requested"] == .bool(false))
        for _ in 1...2 {
            let answer = try delete(driver)
            #expect(answer.status == 202)
            #expect(answer["Retry-After"] == "6")
            #expect(answer.json["state"] == "running")
            #expect(answer.json["cancel_requested"] == .bool(true))
            #expect(answer.json["message"] == "Cancelling.")
        }
        let text = try page(driver).text
        #expect(text.contains("<h2>Cancelling</h2>"))
        #expect(text.contains("<p>Cancelling.</p>"))
        #expect(!text.contains("Expected by"))
    }

    @Test(arguments: [false, true])
    func `a job that is being sent, or whose answer was lost, is marked too`(isLost: Bool) throws {
        let driver = try JobDriver(fixture)
        if isLost { try driver.submit(.noAnswer) } else { try driver.claimSubmit() }
        #expect(try delete(driver).status == 202)
        #expect(try fixture.get("/api/jobs/\(driver.id)").json["cancel_requested"] == .bool(true))
    }

    @Test func `a job with an end is 409 with the job`() throws {
        let driver = try JobDriver(fixture)
        try driver.submit(.refused(JobFailure(.refused)))
        let answer = try delete(driver)
        #expect(answer.status == 409)
        #expect(answer["Cache-Control"] == "no-store")
        #expect(
            answer.json == [
                "error": .string(Self.finished), "code": "already_finished", "job": .object(try fixture.get("/api/jobs/\(driver.id)").json),
            ])
        let late = try JobDriver(fixture)
        try late.timeOut()
        #expect(try delete(late).status == 409)
    }

    @Test func `the page has a button for every job without an end, and none for what is being cancelled or has an end`() throws {
        let driver = try JobDriver(fixture)
        #expect(try hasButton(driver))
        let call = try driver.claimSubmit()
        #expect(try hasButton(driver))
        try fixture.store.recordSubmit(.answered(KreaJob(id: "k", status: "queued")), for: call, at: fixture.time.now)
        #expect(try hasButton(driver))
        _ = try delete(driver)
        #expect(try !hasButton(driver))
        try driver.poll(KreaJob(id: "k", status: "cancelled"))
        #expect(try !hasButton(driver))
        let lost = try JobDriver(fixture)
        try lost.submit(.noAnswer)
        #expect(try hasButton(lost))
    }

    @Test func `the button cancels and leads back to the page, for a job with an end as well`() throws {
        let driver = try JobDriver(fixture)
        for _ in 1...2 {
            let answer = try fixture.postForm("", to: "/jobs/\(driver.id)/cancel")
            #expect(answer.status == 303)
            #expect(answer["Location"] == "/jobs/\(driver.id)")
        }
        #expect(try page(driver).text.contains("<h2>Cancelled</h2>"))
    }

    @Test func `buttons work below a mount point`() throws {
        let driver = try JobDriver(fixture)
        let page = try fixture.get("/krea/jobs/\(driver.id)", mount: "/krea")
        #expect(page.text.contains("action=\"/krea/jobs/\(driver.id)/cancel\""))
        let answer = try fixture.postForm("", to: "/krea/jobs/\(driver.id)/cancel", mount: "/krea")
        #expect(answer["Location"] == "/krea/jobs/\(driver.id)")
    }

    @Test func `whoever knows the ID may cancel, with no body and no media type`() throws {
        let driver = try JobDriver(fixture)
        #expect(try fixture.send(.delete, "/api/jobs/\(driver.id)", address: "192.0.2.99", user: "anna").status == 200)
        let other = try JobDriver(fixture)
        #expect(try fixture.send(.post, "/jobs/\(other.id)/cancel", address: "192.0.2.99").status == 303)
    }

    @Test func `without a token for Krea a job can still be cancelled`() throws {
        let fixture = WebFixture(settings: .init(hasToken: false))
        let job = try Job.sample(at: fixture.time.now)
        _ = try fixture.store.accept(job, key: nil)
        #expect(try fixture.send(.delete, "/api/jobs/\(job.id)").status == 200)
    }
}
