import Jobs
import TestSupport
import Testing

@testable import Web

/// A job that Krea failed to take.
@Suite struct RetryTests {
    private let fixture = WebFixture()

    private func json(_ driver: JobDriver) throws -> [String: JSONValue] { try fixture.get("/api/jobs/\(driver.id)").json }
    private func page(_ driver: JobDriver, _ query: String = "") throws -> String { try fixture.get("/jobs/\(driver.id)\(query)").text }

    /// The latest submission is proved absent.
    private func proveAbsent() throws {
        fixture.time.advance(by: .seconds(40))
        let (call, _) = try fixture.store.claimList(by: fixture.epoch, at: fixture.time.now).granted()
        let list = AccountList(AccountPage(jobs: [], end: .last, kreaTime: fixture.time.now), askedAt: fixture.time.now)
        _ = try fixture.store.recordList(.answered(list), for: call, at: fixture.time.now) { _ in false }
    }

    @Test
    func
        `while it is being checked nobody is told that it is not sent again; after that it is told where it waits, and how often it failed`()
        throws
    {
        let first = try JobDriver(fixture)
        let others = [try JobDriver(fixture), try JobDriver(fixture)]
        try first.submit(.noAnswer)
        let checked =
            "Krea's answer was lost; checking whether Krea has the job. It is sent again only if Krea does not have it."
        #expect(try json(first)["message"] == .string(checked) && json(first)["failed_attempts"] == 0)
        #expect(try page(first, "?lang=zh-Hans").contains("只有在 Krea 没有此任务时才会再次发送"))

        try proveAbsent()
        let job = try json(first)
        #expect(job["state"] == "waiting")
        #expect(job["status"] == "backlogged")
        #expect(job["failed_attempts"] == 1)
        #expect(job["parts"]?.elements?.first?.members?["failed_attempts"] == 1)
        #expect(job["position"] == 2)
        #expect(job["starts_at"] == "2026-03-01T12:01:10.000Z")
        let failed = "Krea failed to take it once, so it waits behind other jobs for another attempt."
        #expect(job["message"] == .string("\(failed) 2 jobs ahead in the queue; starts at 12:01:10 UTC."))
        #expect(try page(first).contains("\(failed) 2 jobs ahead in the queue."))
        #expect(try page(first, "?lang=zh-Hans").contains("Krea 已有 1 次未能接收此任务"))
        #expect(try json(others[0])["position"] == 0 && json(others[1])["position"] == 1)
        for driver in others { try driver.submit(.answered(KreaJob(id: "\(driver.id)", status: "queued"))) }
        #expect(try json(first)["position"] == 0 && json(first)["starts_at"] == "2026-03-01T12:01:10.000Z")
    }

    @Test func `after three attempts that never arrived while Krea took others it fails with its own code, and says that nothing was paid`()
        throws
    {
        let first = try JobDriver(fixture)
        let other = try JobDriver(fixture)
        try first.submit(.noAnswer)
        try proveAbsent()
        try other.submit()
        for _ in 2...3 {
            try first.submit(.noAnswer)
            try proveAbsent()
        }
        let job = try json(first)
        #expect(job["error"]?.members?["code"] == "not_taken")
        #expect(job["failed_attempts"] == 3)
        #expect(job["status"] == "failed")
        let words =
            "Krea failed 3 times to take this job while it took others; nothing was made or charged — change it, or send it again later"
        #expect(job["message"] == .string(words))
        #expect(try page(first).contains("<p class=\"problem\">\(words)</p>"))
        #expect(try page(first, "?lang=zh-Hans").contains("Krea 3 次未能接收此任务"))
    }

    @Test func `while Krea answers no submission, those that wait are told when the next attempt comes, and what runs is not`() throws {
        let running = try JobDriver(fixture)
        try running.submit()
        let lives = [try JobDriver(fixture), try JobDriver(fixture)]
        for driver in lives { try driver.submit(.noAnswer) }
        let waiting = try JobDriver(fixture)
        let told = "Krea does not answer when jobs are sent to it; the next attempt is at 12:00:40 UTC, and no job is lost."
        #expect(try json(waiting)["message"] == .string(told) && json(waiting)["starts_at"] == "2026-03-01T12:00:40.000Z")
        #expect(try page(waiting).contains("<p class=\"problem\">\(told)</p>"))
        #expect(try page(waiting, "?lang=zh-Hans").contains("12:00:40 UTC 再次尝试"))
        #expect(try json(running)["message"]?.text?.hasPrefix("Krea is working on it") == true)
        #expect(try fixture.get("/api/jobs/\(waiting.id)")["Retry-After"] == "10")
        try fixture.store.release(at: fixture.time.now)
        #expect(try json(waiting)["message"]?.text?.hasPrefix("Next in the queue") == true)
    }

    @Test func `a silence that is longer than a minute is told with its end, and with its date when that is not today`() throws {
        let running = try JobDriver(fixture)
        try running.submit()
        let waiting = try JobDriver(fixture)
        try running.poll(.rateLimited(retryAfter: .seconds(90)))
        #expect(try json(waiting)["message"] == "Rate limited — Krea asked for a pause until 12:01:36 UTC")
        #expect(try fixture.get("/api/jobs/\(waiting.id)")["Retry-After"] == "30")
        #expect(try page(waiting, "?lang=zh-Hans").contains("Krea 要求在 12:01:36 UTC 之前停止调用"))
        fixture.time.advance(by: .seconds(30))
        #expect(try json(waiting)["message"] == "Rate limited — wait 1 min")
        fixture.time.advance(to: fixture.time.now.nextDay - .seconds(600))
        try running.poll(.rateLimited(retryAfter: .seconds(100_000)))
        #expect(try json(waiting)["message"] == "Rate limited — Krea asked for a pause until 2026-03-02 00:50:00 UTC")
        #expect(try page(waiting).contains(">2026-03-02 00:50:00 UTC</time>"))
    }

    @Test(arguments: [
        (0, "12:00:00 UTC"), (43_199, "23:59:59 UTC"), (43_200, "00:00:00 UTC"), (43_201, "2026-03-02 00:00:01 UTC"),
        (-43_200, "00:00:00 UTC"), (-43_201, "2026-02-28 23:59:59 UTC"), (86_400 * 365, "2027-03-01 12:00:00 UTC"),
    ])
    func `a time is told with its date unless it is of today, midnight included`(seconds: Int, text: String) {
        #expect((fixture.time.now + .seconds(seconds)).text(at: fixture.time.now) == text)
    }
}
