import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Caching.
@Suite struct CacheTests {
    private let fixture = WebFixture()

    private func read(_ driver: JobDriver, _ fields: HTTPFields = [:]) throws -> Answer {
        try fixture.get("/api/jobs/\(driver.id)", fields)
    }

    @Test func `a waiting job may be kept until the queue can move`() throws {
        let first = try JobDriver(fixture)
        try first.submit()
        let driver = try JobDriver(fixture)
        fixture.time.advance(by: .milliseconds(2500))
        let answer = try read(driver)
        #expect(answer["Cache-Control"] == "max-age=7, stale-while-revalidate=1")
        #expect(answer["Retry-After"] == "8")
        fixture.time.advance(by: .seconds(60))
        let overdue = try read(driver)
        #expect(overdue["Cache-Control"] == "max-age=0, stale-while-revalidate=1")
        #expect(overdue["Retry-After"] == "1")
    }

    @Test func `a waiting job behind a call in flight may change at any moment`() throws {
        let first = try JobDriver(fixture)
        let driver = try JobDriver(fixture)
        try first.claimSubmit()
        let answer = try read(driver)
        #expect(answer["Cache-Control"] == "max-age=0, stale-while-revalidate=1")
        #expect(answer["Retry-After"] == "1")
    }

    @Test func `a running job may be kept until its next poll, and not at all while it is asked for`() throws {
        let driver = try JobDriver(fixture)
        try driver.submit()
        fixture.time.advance(by: .milliseconds(100))
        let quiet = try read(driver)
        #expect(quiet["Cache-Control"] == "max-age=5, stale-while-revalidate=1")
        #expect(quiet["Retry-After"] == "6")
        try driver.claimPoll()
        let asked = try read(driver)
        #expect(asked["Cache-Control"] == "max-age=0, stale-while-revalidate=1")
        #expect(asked["Retry-After"] == "1")
    }

    @Test func `a job with an end is kept by its reader only, and one that timed out is asked for again`() throws {
        let done = try JobDriver(fixture)
        try done.submit(.refused(JobFailure(.refused)))
        let answer = try read(done)
        #expect(answer["Cache-Control"] == "private, max-age=86400")
        #expect(answer["Retry-After"] == nil)
        let late = try JobDriver(fixture)
        try late.timeOut()
        let lateAnswer = try read(late)
        #expect(lateAnswer["Cache-Control"] == "private, no-cache")
        #expect(lateAnswer["Retry-After"] == nil)
    }

    @Test(arguments: ["TAG", "W/TAG", "\"x\", W/TAG", "\"x\",TAG", "*"])
    func `a client that has the same already gets 304 without a body`(condition: String) throws {
        let driver = try JobDriver(fixture)
        try driver.submit()
        let first = try read(driver)
        let tag = try #require(first["ETag"])
        #expect(tag.hasPrefix("\""))
        #expect(tag.hasSuffix("\""))
        let again = try read(driver, [.ifNoneMatch: condition.replacing("TAG", with: tag)])
        #expect(again.status == 304)
        #expect(again.text.isEmpty)
        #expect(again["ETag"] == tag)
        #expect(again["Cache-Control"] == first["Cache-Control"])
        #expect(again["Content-Type"] == nil)
    }

    @Test func `a tag is for one state: it stays while nothing happens and changes with what Krea says`() throws {
        let driver = try JobDriver(fixture)
        try driver.submit()
        let tag = try #require(try read(driver)["ETag"])
        fixture.time.advance(by: .seconds(2))
        #expect(try read(driver)["ETag"] == tag)
        try driver.poll(KreaJob(id: "k", status: "sampling"))
        let answer = try read(driver, [.ifNoneMatch: tag])
        #expect(answer.status == 200)
        #expect(answer["ETag"] != tag)
    }

    @Test func `the tag of an overdue job stays the same between two polls`() throws {
        let driver = try JobDriver(fixture)
        try driver.submit()
        for _ in 1...10 { try driver.poll(KreaJob(id: "k", status: "processing")) }
        let first = try read(driver)
        fixture.time.advance(by: .seconds(3))
        let second = try read(driver)
        #expect(first["ETag"] == second["ETag"])
        #expect(second.json["expected_at"] == .string((fixture.time.now + .seconds(3)).iso8601))
    }

    @Test func `the tag of an overdue job stays the same while Krea wants silence, and when nobody asks Krea any more`() throws {
        let driver = try JobDriver(fixture)
        try driver.submit()
        for _ in 1...10 { try driver.poll(KreaJob(id: "k", status: "processing")) }
        let silenced = try JobDriver(fixture)
        try silenced.submit(.rateLimited(retryAfter: nil))
        let silentUntil = fixture.time.now + .seconds(30)
        fixture.time.advance(by: .seconds(7))
        let first = try read(driver)
        #expect(first.json["expected_at"] == .string(silentUntil.iso8601))
        fixture.time.advance(by: .seconds(3))
        #expect(try read(driver)["ETag"] == first["ETag"])
        fixture.time.advance(by: .seconds(3600))
        let late = try read(driver)
        fixture.time.advance(by: .seconds(3600))
        #expect(try read(driver)["ETag"] == late["ETag"])
    }

    @Test(arguments: [false, true])
    func `the tag of an overdue job whose call is not answered, or whose answer was lost, stays the same`(isLost: Bool) throws {
        let driver = try JobDriver(fixture)
        if isLost { try driver.submit(.noAnswer) } else { try driver.claimSubmit() }
        let started = fixture.time.now
        fixture.time.advance(by: .seconds(60))
        let first = try read(driver)
        #expect(first.json["expected_at"] == .string((started + .seconds(isLost ? 0 : 40)).iso8601))
        fixture.time.advance(by: .seconds(60))
        #expect(try read(driver)["ETag"] == first["ETag"])
    }

    @Test func `the models have a tag too`() throws {
        let tag = try #require(try fixture.get("/api/models")["ETag"])
        #expect(try fixture.get("/api/models", [.ifNoneMatch: tag]).status == 304)
    }

    @Test(arguments: ["/", "/nothing", "/api/jobs", "/api/nothing", "/health"])
    func `pages, lists and errors are never kept`(path: String) throws {
        #expect(try fixture.get(path)["Cache-Control"] == "no-store")
    }
}
