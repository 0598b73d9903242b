import Jobs
import TestSupport
import Testing

@testable import Web

/// A queue that is held.
@Suite struct HoldTests {
    private static let balance = "Out of compute — upgrade plan; the next attempt is at 12:05:10 UTC."
    private static let token = "Krea refused the API token — the operator must replace it; until then, jobs wait."
    private let fixture = WebFixture()

    private func json(_ driver: JobDriver) throws -> [String: JSONValue] { try fixture.get("/api/jobs/\(driver.id)").json }
    private func page(_ driver: JobDriver) throws -> String { try fixture.get("/jobs/\(driver.id)").text }

    @Test func `an empty balance holds what waits and says until when; what runs goes on`() throws {
        let running = try JobDriver(fixture)
        try running.submit()
        let failed = try JobDriver(fixture)
        try failed.submit(.refused(JobFailure(.outOfCompute)))
        let waiting = try JobDriver(fixture)
        #expect(try json(waiting)["message"] == .string(Self.balance))
        #expect(try json(waiting)["starts_at"] == "2026-03-01T12:05:10.000Z")
        let text = try page(waiting)
        #expect(text.contains("<p class=\"problem\">\(Self.balance)</p>"))
        #expect(text.contains("Next in the queue. Your picture starts at <time"))
        #expect(try json(running)["message"] == "Krea is working on it: queued. Expected by 12:00:30 UTC.")
        #expect(try !page(running).contains("Out of compute"))
        #expect(try json(failed)["message"] == "Out of compute — upgrade plan")
        let answer = try fixture.get("/api/jobs/\(waiting.id)")
        #expect(answer["Cache-Control"] == "max-age=10, stale-while-revalidate=1")
        #expect(answer["Retry-After"] == "10")
        let tag = try #require(answer["ETag"])
        fixture.time.advance(by: .seconds(299))
        let later = try fixture.get("/api/jobs/\(waiting.id)")
        #expect(later["ETag"] == tag)
        #expect(later["Retry-After"] == "1")
        fixture.time.advance(by: .seconds(1))
        #expect(try json(waiting)["message"] == "Next in the queue; starts at 12:05:10 UTC.")
    }

    @Test func `a refused token holds everything without an end, and nothing is expected until somebody has changed it`() throws {
        // Another model's, so that it says nothing about how long the others take.
        let done = try JobDriver(fixture, members: ", \"model\": \"flux\"")
        try done.submit(.answered(KreaJob(id: "d", status: "completed", urls: ["https://krea.ai/1.png"])))
        let running = try JobDriver(fixture)
        try running.submit()
        let waiting = try JobDriver(fixture)
        try running.poll(.unauthorised())
        for driver in [running, waiting] {
            let job = try json(driver)
            #expect(job["message"] == .string(Self.token))
            #expect(job["expected_at"] == .null)
            #expect(try page(driver).contains("<p class=\"problem\">\(Self.token)</p>"))
            #expect(try page(driver).contains("<progress max=\"100\" value=\"0\""))
            #expect(try !page(driver).contains("Expected by"))
        }
        #expect(try json(waiting)["starts_at"] == .null && json(waiting)["position"] == 0)
        #expect(try page(waiting).contains("<p>Next in the queue.</p>"))
        #expect(try json(done)["message"]?.text?.hasPrefix("Generated with") == true)
        let answer = try fixture.get("/api/jobs/\(waiting.id)")
        #expect(answer["Cache-Control"] == "max-age=10, stale-while-revalidate=1")
        #expect(answer["Retry-After"] == "10")
        fixture.time.advance(by: .seconds(600))
        #expect(try fixture.get("/api/jobs/\(waiting.id)")["ETag"] == answer["ETag"])
        try fixture.store.release(at: fixture.time.now)
        #expect(try json(waiting)["message"]?.text?.hasPrefix("Next in the queue; starts at") == true)
    }

    @Test func `the start of a job behind others is counted from the end of the hold`() throws {
        let failed = try JobDriver(fixture)
        try failed.submit(.refused(JobFailure(.outOfCompute)))
        _ = try JobDriver(fixture)
        let second = try JobDriver(fixture)
        #expect(try json(second)["starts_at"] == "2026-03-01T12:05:10.000Z" && json(second)["position"] == 1)
        #expect(try json(second)["expected_at"] == "2026-03-01T12:05:40.000Z")
    }

    @Test func `while Krea cannot be reached pages and JSON say so, of what runs and of what waits, until it answers`() throws {
        let running = try JobDriver(fixture)
        try running.submit()
        let waiting = try JobDriver(fixture)
        try running.poll(.notSent)
        #expect(try json(running)["message"]?.text?.hasPrefix("Krea is working on it") == true)
        for _ in 0..<5 { try running.poll(.notSent) }
        let told = "Krea has been unreachable or failing since 12:00:06 UTC; we keep trying, and no job is lost."
        for driver in [running, waiting] {
            #expect(try json(driver)["message"] == .string(told))
            #expect(try page(driver).contains("<p class=\"problem\">\(told)</p>"))
            #expect(try fixture.get("/jobs/\(driver.id)?lang=zh-Hans").text.contains("自 12:00:06 UTC 起无法连接 Krea"))
        }
        #expect(try json(running)["state"] == "running" && json(waiting)["state"] == "waiting")
        try running.poll(KreaJob(id: "k", status: "processing"))
        for driver in [running, waiting] { #expect(try json(driver)["message"]?.text?.contains("unreachable") == false) }
    }

    @Test func `a pause holds what waits and says why in the operator's words, escaped; what runs goes on, and new jobs are accepted`()
        throws
    {
        let running = try JobDriver(fixture)
        try running.submit()
        try fixture.store.pause(because: "moving <b>house</b>, back on Monday")
        let waiting = try JobDriver(fixture)
        let job = try json(waiting)
        #expect(job["message"] == "The operator has paused the queue: moving <b>house</b>, back on Monday")
        #expect(job["starts_at"] == .null)
        #expect(job["expected_at"] == .null)
        #expect(job["status"] == "backlogged")
        let text = try page(waiting)
        let words = "moving &lt;b&gt;house&lt;/b&gt;, back on Monday"
        #expect(text.contains("<p class=\"problem\">The operator has paused the queue: \(words)</p>"))
        #expect(try fixture.get("/jobs/\(waiting.id)?lang=zh-Hans").text.contains("管理员已暂停队列：\(words)"))
        let answer = try fixture.get("/api/jobs/\(waiting.id)")
        #expect(answer["Cache-Control"] == "max-age=10, stale-while-revalidate=1")
        #expect(answer["Retry-After"] == "10")
        #expect(try json(running)["message"]?.text?.hasPrefix("Krea is working on it") == true)
        try running.poll(KreaJob(id: "k", status: "completed", urls: ["https://krea.ai/1.png"]))
        try fixture.store.release(at: fixture.time.now)
        #expect(try json(waiting)["message"]?.text?.hasPrefix("Next in the queue; starts at") == true)
        try waiting.submit()
    }
}
