import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// The bounds of the queue, and what was removed.
@Suite struct QueueTests {
    private func world(total: Int = 500, perClient: Int = 20) -> WebFixture {
        var limits = QueueLimits()
        limits.total = total
        limits.perClient = perClient
        return WebFixture(store: temporaryStore(limits: limits))
    }

    @Test(arguments: [
        (2, "Your queue is full: at most 2 jobs of one client may wait; try again in 10 s."),
        (1, "Your queue is full: at most 1 job of one client may wait; try again in 10 s."),
    ])
    func `a client whose queue is full is told so, and when there is room again`(limit: Int, sentence: String) throws {
        let fixture = world(perClient: limit)
        let submitted = try JobDriver(fixture)
        try submitted.submit()
        for _ in 1...limit { _ = try JobDriver(fixture) }
        fixture.time.advance(by: .milliseconds(500))
        let answer = try fixture.postJSON(#"{"prompt": "x"}"#)
        #expect(answer.status == 429)
        #expect(answer["Retry-After"] == "10")
        #expect(answer["Cache-Control"] == "no-store")
        #expect(answer.json == ["error": .string(sentence), "code": "queue_full"])
        #expect(try fixture.jobs.count == limit + 1)
        let other = try fixture.send(.post, "/api/jobs", address: "192.0.2.2", [.contentType: "application/json"], #"{"prompt": "x"}"#)
        #expect(other.status == 202)
    }

    @Test func `when everybody's queue is full, whoever comes is told so`() throws {
        let fixture = world(total: 1)
        _ = try JobDriver(fixture)
        let answer = try fixture.send(.post, "/api/jobs", address: "192.0.2.2", [.contentType: "application/json"], #"{"prompt": "x"}"#)
        #expect(answer.status == 429)
        #expect(answer["Retry-After"] == "1")
        #expect(answer.json["error"] == "The queue is full: at most 1 job of all clients together may wait; try again in 1 s.")
    }

    @Test func `a form that finds the queue full comes back as it was, with the sentence on top`() throws {
        let fixture = world(perClient: 1)
        _ = try JobDriver(fixture)
        let token = try #require(try fixture.get("/").formToken)
        let answer = try fixture.postForm("prompt=a+ship&width=600&form_token=\(token)")
        #expect(answer.status == 429)
        #expect(answer["Retry-After"] == "1")
        #expect(answer.text.contains("role=\"alert\" id=\"obstacle\">Your queue is full: at most 1 job of one client may wait"))
        #expect(answer.text.contains("a ship</textarea>"))
        #expect(answer.text.contains("name=\"width\" value=\"600\""))
        #expect(answer.formToken == token)
        #expect(try fixture.jobs.count == 1)
    }

    @Test func `a name that brought a job brings it back while the queue is full`() throws {
        let fixture = world(perClient: 1)
        let fields: HTTPFields = [.idempotencyKey: "a"]
        #expect(try fixture.postJSON(#"{"prompt": "x"}"#, fields).status == 202)
        #expect(try fixture.postJSON(#"{"prompt": "x"}"#, fields).status == 200)
        #expect(try fixture.postJSON(#"{"prompt": "x"}"#).status == 429)
    }

    @Test func `a job that was removed is 410, whatever is asked of it, and one that never was is 404`() throws {
        let fixture = world()
        let driver = try JobDriver(fixture)
        try driver.submit(.refused(JobFailure(.refused)))
        fixture.time.advance(by: .seconds(1))
        #expect(try fixture.store.removeFinished(before: fixture.time.now) == 1)
        for (id, status, code) in [(driver.id, 410, "job_removed"), (.sample(99), 404, "unknown_job")] {
            for (method, path) in [(HTTPRequest.Method.get, ""), (.delete, ""), (.post, "/resume")] {
                let answer = try fixture.send(method, "/api/jobs/\(id)\(path)")
                #expect(answer.status == status)
                #expect(answer.json["code"] == .string(code))
                #expect(answer["Cache-Control"] == "no-store")
            }
            for (method, path) in [(HTTPRequest.Method.get, ""), (.post, "/cancel"), (.post, "/resume")] {
                let answer = try fixture.send(method, "/jobs/\(id)\(path)")
                #expect(answer.status == status)
                #expect(answer["Content-Type"] == "text/html; charset=utf-8")
                #expect(answer.text.contains("<h1>No longer available</h1>") == (status == 410))
            }
        }
    }
}
