import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

@Suite("Cancelling")
struct CancelTests {
    private let world = World()
    private static let finished = "The job has come to its end and cannot be cancelled any more."

    private func delete(_ life: Life) throws -> Answer { try world.send(.delete, "/api/jobs/\(life.id)") }
    private func page(_ life: Life) throws -> Answer { try world.get("/jobs/\(life.id)") }
    private func hasButton(_ life: Life) throws -> Bool {
        try page(life).text.contains("<form class=\"action\" method=\"post\" action=\"/jobs/\(life.id)/cancel\">")
    }

    @Test("A waiting job is cancelled at once: 200 with the job, and its place goes to the next")
    func waiting() throws {
        let first = try Life(world)
        let second = try Life(world)
        let answer = try delete(first)
        #expect(answer.status == 200 && answer["Cache-Control"] == "no-store" && answer["Retry-After"] == nil)
        #expect(answer.json["status"] == "cancelled" && answer.json["error"]?.members?["code"] == "cancelled_before_start")
        #expect(answer.json == (try world.get("/api/jobs/\(first.id)").json))
        #expect(try world.get("/api/jobs/\(second.id)").json["position"] == 0)
        #expect(world.log.lines.last == "info cancellation asked for job=\(first.id) state=cancelled")
    }

    @Test("A job that Krea has is marked: 202 with the job, as often as it is asked for")
    func running() throws {
        let life = try Life(world)
        try life.submit()
        #expect(try world.get("/api/jobs/\(life.id)").json["cancel_requested"] == .bool(false))
        for _ in 1...2 {
            let answer = try delete(life)
            #expect(answer.status == 202 && answer["Retry-After"] == "6")
            #expect(answer.json["state"] == "running" && answer.json["cancel_requested"] == .bool(true))
            #expect(answer.json["message"] == "Being cancelled.")
        }
        let text = try page(life).text
        #expect(text.contains("<h2>Being cancelled</h2>") && text.contains("<p>Being cancelled.</p>") && !text.contains("Expected by"))
    }

    @Test("A job that is being sent, or whose answer was lost, is marked too", arguments: [false, true])
    func inFlight(isLost: Bool) throws {
        let life = try Life(world)
        if isLost { try life.submit(.lost) } else { try life.claimSubmit() }
        #expect(try delete(life).status == 202)
        #expect(try world.get("/api/jobs/\(life.id)").json["cancel_requested"] == .bool(true))
    }

    @Test("A job with an end is 409 with the job")
    func finished() throws {
        let life = try Life(world)
        try life.submit(.refused(JobFailure(.refused)))
        let answer = try delete(life)
        #expect(answer.status == 409 && answer["Cache-Control"] == "no-store")
        #expect(
            answer.json == [
                "error": .string(Self.finished), "code": "already_finished", "job": .object(try world.get("/api/jobs/\(life.id)").json),
            ])
        let late = try Life(world)
        try late.timeOut()
        #expect(try delete(late).status == 409)
    }

    @Test("The page has a button for every job without an end, and none for what is being cancelled or has an end")
    func buttons() throws {
        let life = try Life(world)
        #expect(try hasButton(life))
        let call = try life.claimSubmit()
        #expect(try hasButton(life))
        try world.store.recordSubmit(.accepted(KreaJob(id: "k", status: "queued")), for: call, at: world.time.now)
        #expect(try hasButton(life))
        _ = try delete(life)
        #expect(try !hasButton(life))
        try life.poll(KreaJob(id: "k", status: "cancelled"))
        #expect(try !hasButton(life))
        let lost = try Life(world)
        try lost.submit(.lost)
        #expect(try hasButton(lost))
    }

    @Test("The button cancels and leads back to the page, for a job with an end as well")
    func button() throws {
        let life = try Life(world)
        for _ in 1...2 {
            let answer = try world.postForm("", to: "/jobs/\(life.id)/cancel")
            #expect(answer.status == 303 && answer["Location"] == "/jobs/\(life.id)")
        }
        #expect(try page(life).text.contains("<h2>Cancelled</h2>"))
    }

    @Test("Buttons work below a mount point")
    func mounted() throws {
        let life = try Life(world)
        let page = try world.get("/krea/jobs/\(life.id)", mount: "/krea")
        #expect(page.text.contains("action=\"/krea/jobs/\(life.id)/cancel\""))
        let answer = try world.postForm("", to: "/krea/jobs/\(life.id)/cancel", mount: "/krea")
        #expect(answer["Location"] == "/krea/jobs/\(life.id)")
    }

    @Test("Whoever knows the ID may cancel, with no body and no media type")
    func anybody() throws {
        let life = try Life(world)
        #expect(try world.send(.delete, "/api/jobs/\(life.id)", address: "192.0.2.99", user: "anna").status == 200)
        let other = try Life(world)
        #expect(try world.send(.post, "/jobs/\(other.id)/cancel", address: "192.0.2.99").status == 303)
    }

    @Test("Without a token for Krea a job can still be cancelled")
    func noToken() throws {
        let world = World(settings: .init(hasToken: false))
        let job = try Job.sample(at: world.time.now)
        _ = try world.store.accept(job, key: nil)
        #expect(try world.send(.delete, "/api/jobs/\(job.id)").status == 200)
    }
}
