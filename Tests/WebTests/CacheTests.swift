import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

@Suite("Caching")
struct CacheTests {
    private let world = World()

    private func read(_ life: Life, _ fields: HTTPFields = [:]) throws -> Answer { try world.get("/api/jobs/\(life.id)", fields) }

    @Test("A waiting job may be kept until the queue can move")
    func waiting() throws {
        let first = try Life(world)
        try first.submit()
        let life = try Life(world)
        world.time.advance(by: .milliseconds(2500))
        let answer = try read(life)
        #expect(answer["Cache-Control"] == "max-age=7, stale-while-revalidate=1" && answer["Retry-After"] == "8")
        world.time.advance(by: .seconds(60))
        let overdue = try read(life)
        #expect(overdue["Cache-Control"] == "max-age=0, stale-while-revalidate=1" && overdue["Retry-After"] == "1")
    }

    @Test("A waiting job behind a call in flight may change at any moment")
    func waitingBehindCall() throws {
        let first = try Life(world)
        let life = try Life(world)
        try first.claimSubmit()
        let answer = try read(life)
        #expect(answer["Cache-Control"] == "max-age=0, stale-while-revalidate=1" && answer["Retry-After"] == "1")
    }

    @Test("A running job may be kept until its next poll, and not at all while it is asked for")
    func running() throws {
        let life = try Life(world)
        try life.submit()
        world.time.advance(by: .milliseconds(100))
        let quiet = try read(life)
        #expect(quiet["Cache-Control"] == "max-age=5, stale-while-revalidate=1" && quiet["Retry-After"] == "6")
        try life.claimPoll()
        let asked = try read(life)
        #expect(asked["Cache-Control"] == "max-age=0, stale-while-revalidate=1" && asked["Retry-After"] == "1")
    }

    @Test("A job with an end is kept by its reader only, and one that timed out is asked for again")
    func finished() throws {
        let done = try Life(world)
        try done.submit(.refused(JobFailure(.refused)))
        let answer = try read(done)
        #expect(answer["Cache-Control"] == "private, max-age=86400" && answer["Retry-After"] == nil)
        let late = try Life(world)
        try late.timeOut()
        let lateAnswer = try read(late)
        #expect(lateAnswer["Cache-Control"] == "private, no-cache" && lateAnswer["Retry-After"] == nil)
    }

    @Test("A client that has the same already gets 304 without a body", arguments: ["TAG", "W/TAG", "\"x\", W/TAG", "\"x\",TAG", "*"])
    func notModified(condition: String) throws {
        let life = try Life(world)
        try life.submit()
        let first = try read(life)
        let tag = try #require(first["ETag"])
        #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
        let again = try read(life, [.ifNoneMatch: condition.replacing("TAG", with: tag)])
        #expect(again.status == 304 && again.text.isEmpty)
        #expect(again["ETag"] == tag && again["Cache-Control"] == first["Cache-Control"] && again["Content-Type"] == nil)
    }

    @Test("A tag is for one state: it stays while nothing happens and changes with what Krea says")
    func tagChanges() throws {
        let life = try Life(world)
        try life.submit()
        let tag = try #require(try read(life)["ETag"])
        world.time.advance(by: .seconds(2))
        #expect(try read(life)["ETag"] == tag)
        try life.poll(KreaJob(id: "k", status: "sampling"))
        let answer = try read(life, [.ifNoneMatch: tag])
        #expect(answer.status == 200 && answer["ETag"] != tag)
    }

    @Test("The tag of an overdue job stays the same between two polls")
    func overdue() throws {
        let life = try Life(world)
        try life.submit()
        for _ in 1...10 { try life.poll(KreaJob(id: "k", status: "processing")) }
        let first = try read(life)
        world.time.advance(by: .seconds(3))
        let second = try read(life)
        #expect(first["ETag"] == second["ETag"])
        #expect(second.json["expected_at"] == .string((world.time.now + .seconds(3)).iso8601))
    }

    @Test("The tag of an overdue job stays the same while Krea wants silence, and when nobody asks Krea any more")
    func overdueAndSilent() throws {
        let life = try Life(world)
        try life.submit()
        for _ in 1...10 { try life.poll(KreaJob(id: "k", status: "processing")) }
        let silenced = try Life(world)
        try silenced.submit(.rateLimited(retryAfter: nil))
        let silentUntil = world.time.now + .seconds(30)
        world.time.advance(by: .seconds(7))
        let first = try read(life)
        #expect(first.json["expected_at"] == .string(silentUntil.iso8601))
        world.time.advance(by: .seconds(3))
        #expect(try read(life)["ETag"] == first["ETag"])
        world.time.advance(by: .seconds(3600))
        let late = try read(life)
        world.time.advance(by: .seconds(3600))
        #expect(try read(life)["ETag"] == late["ETag"])
    }

    @Test("The tag of an overdue job whose call is not answered, or whose answer was lost, stays the same", arguments: [false, true])
    func overdueCall(isLost: Bool) throws {
        let life = try Life(world)
        if isLost { try life.submit(.lost) } else { try life.claimSubmit() }
        let started = world.time.now
        world.time.advance(by: .seconds(60))
        let first = try read(life)
        #expect(first.json["expected_at"] == .string((started + .seconds(isLost ? 0 : 40)).iso8601))
        world.time.advance(by: .seconds(60))
        #expect(try read(life)["ETag"] == first["ETag"])
    }

    @Test("The models have a tag too")
    func models() throws {
        let tag = try #require(try world.get("/api/models")["ETag"])
        #expect(try world.get("/api/models", [.ifNoneMatch: tag]).status == 304)
    }

    @Test("Pages, lists and errors are never kept", arguments: ["/", "/nothing", "/api/jobs", "/api/nothing", "/health"])
    func noStore(path: String) throws {
        #expect(try world.get(path)["Cache-Control"] == "no-store")
    }
}
