import Answers
import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Waiting for a job in one call.
@Suite struct WaitTests {
    private static let picture = KreaJob(id: "k", status: "completed", urls: ["https://krea.ai/1.png"])

    private let fixture = WebFixture(mayWait: true)

    private func finish(_ driver: JobDriver) throws {
        try driver.submit()
        try driver.poll(Self.picture)
    }

    /// Has the time pass until the answer has a head, and returns it.
    private func waitToEnd(_ answer: Answer, in fixture: WebFixture) throws -> Answer {
        var answer = answer
        while let wait = answer.wait {
            #expect(answer.status == 0)
            #expect(answer.text.isEmpty)
            fixture.time.advance(by: wait.timeout)
            answer = try #require(try answer.next(.due))
        }
        return answer
    }

    @Test(arguments: ["/api/jobs", "/api/jobs?wait=50", "/api/generate/image/bfl/flux-1-dev"])
    func `a new job is answered with its end, whatever else happens in between`(path: String) throws {
        let fields: HTTPFields = path.contains("wait") ? [:] : [.prefer: "wait=50"]
        let first = try fixture.postJSON(#"{"prompt": "a lighthouse"}"#, to: path, fields)
        let job = try #require(try fixture.jobs.first)
        #expect(first.status == 0)
        #expect(first.wait?.topic == Wait.topic(of: job.id))
        #expect(first.wait?.timeout == .seconds(15))
        let driver = JobDriver(fixture, id: job.id)
        try driver.submit()
        let second = try #require(try first.next(.changed))
        #expect(second.status == 0)
        #expect(second.wait != nil)
        try driver.poll(Self.picture)
        let last = try #require(try second.next(.changed))
        #expect(last.status == 200)
        #expect(last.wait == nil)
        #expect(last.json["result"]?.members?["urls"] == ["https://krea.ai/1.png"])
        #expect(last["Location"] == "/api/jobs/\(job.id)")
        #expect(last["Retry-After"] == nil)
        #expect(last["Preference-Applied"] == "wait=50")
        #expect(last["Vary"] == "Prefer")
        #expect(last["Cache-Control"] == "no-store")
        #expect(last["X-Content-Type-Options"] == "nosniff")
        #expect(last["ETag"] == nil)
    }

    @Test func `a new job that has no end in time is answered with 202 when the time is over, to the second`() throws {
        let start = fixture.time.now
        let answer = try waitToEnd(fixture.postJSON(#"{"prompt": "a lighthouse"}"#, [.prefer: "respond-async, wait=20"]), in: fixture)
        #expect(answer.status == 202)
        #expect(answer.json["state"] == "waiting")
        #expect(answer["Preference-Applied"] == "wait=20")
        #expect(fixture.time.now - start == .seconds(20))
    }

    @Test func `a request that is sent again waits for the same job, and gets its end at once when it has one`() throws {
        let fields: HTTPFields = [.prefer: "wait=5", .idempotencyKey: "k"]
        _ = try fixture.postJSON(#"{"prompt": "a lighthouse"}"#, fields)
        let second = try fixture.postJSON(#"{"prompt": "a lighthouse"}"#, fields)
        #expect(second.wait != nil)
        #expect(try fixture.jobs.count == 1)
        try finish(JobDriver(fixture, id: fixture.jobs[0].id))
        let third = try fixture.postJSON(#"{"prompt": "a lighthouse"}"#, fields)
        #expect(third.status == 200)
        #expect(third["Preference-Applied"] == "wait=5")
        #expect(third.json["status"] == "completed")
    }

    @Test func `a job that is read is answered at its end, or as it is when the time is over`() throws {
        let driver = try JobDriver(fixture)
        let path = "/api/jobs/\(driver.id)"
        let inVain = try waitToEnd(fixture.get(path, [.prefer: "wait=5"]), in: fixture)
        #expect(inVain.status == 200)
        #expect(inVain.json["state"] == "waiting")
        #expect(inVain["Preference-Applied"] == "wait=5")
        #expect(inVain["ETag"] != nil)
        #expect(inVain["Retry-After"] != nil)
        #expect(inVain["X-Accel-Expires"] == nil)
        let first = try fixture.get("\(path)?wait=55")
        try driver.submit()
        let running = try #require(try first.next(.changed))
        #expect(running.status == 0)
        #expect(running.wait != nil)
        try driver.poll(Self.picture)
        let last = try #require(try running.next(.changed))
        #expect(last.status == 200)
        #expect(last.json["status"] == "completed")
        #expect(last["Cache-Control"] == "no-store")
        #expect(last["Vary"] == "Prefer")
        let after = try fixture.get("\(path)?wait=55")
        #expect(after.wait == nil)
        #expect(after.text == last.text)
        #expect(after["Preference-Applied"] == "wait=55")
    }

    @Test func `with the ETag of an answer the next one comes as soon as it would be another, else 304`() throws {
        let driver = try JobDriver(fixture)
        try driver.submit()
        let path = "/api/jobs/\(driver.id)"
        let tag = try #require(try fixture.get(path)["ETag"])
        let fields: HTTPFields = [.prefer: "wait=9", .ifNoneMatch: tag]
        let same = try waitToEnd(fixture.get(path, fields), in: fixture)
        #expect(same.status == 304)
        #expect(same.text.isEmpty)
        #expect(same["ETag"] == tag)
        #expect(same["Preference-Applied"] == "wait=9")
        let first = try fixture.get(path, fields)
        try driver.poll(KreaJob(id: "k", status: "sampling"))
        let news = try #require(try first.next(.changed))
        #expect(news.status == 200)
        #expect(news.json["status"] == "sampling")
        #expect(news["ETag"] != tag)
        #expect(try fixture.get(path, fields).status == 200)
        try driver.poll(Self.picture)
        // Of what never changes again nothing is waited for.
        let end = try #require(try fixture.get(path)["ETag"])
        #expect(try fixture.get(path, [.prefer: "wait=9", .ifNoneMatch: "\"1\", W/\(end)"]).status == 304)
    }

    @Test(arguments: ["txt", "md", "json"])
    func `a script waits for the line and the addresses of a job`(ending: String) throws {
        let driver = try JobDriver(fixture)
        let first = try fixture.get("/jobs/\(driver.id).\(ending)?wait=50")
        #expect(first.status == 0)
        #expect(first.wait != nil)
        try finish(driver)
        let last = try #require(try first.next(.changed))
        #expect(last.status == 200)
        #expect(last.text.contains("https://krea.ai/1.png"))
        #expect(last["Preference-Applied"] == "wait=50")
        #expect(last.text == (try fixture.get("/jobs/\(driver.id).\(ending)")).text)
    }

    @Test(arguments: ["0", "56", "-1", "+5", "5.0", "", "x", "999999999999999999999", "٣"])
    func `a wait that is no whole number of seconds from 1 to 55 is 400 with the bounds, before anything is accepted`(value: String) throws
    {
        let query = value.utf8.map { "%\($0 < 16 ? "0" : "")\(String($0, radix: 16))" }.joined()
        let driver = try JobDriver(fixture)
        let answers = [
            try fixture.postJSON(#"{"prompt": "a lighthouse"}"#, [.prefer: "foo, Wait = \"\(value)\"; x=1"]),
            try fixture.postJSON(#"{"prompt": "a lighthouse"}"#, to: "/api/generate/image/bfl/flux-1-dev?wait=\(query)"),
            try fixture.get("/api/jobs/\(driver.id)?wait=\(query)"),
        ]
        for answer in answers {
            #expect(answer.status == 400)
            #expect(answer.json["code"] == "bad_request")
            #expect(answer.json["error"]?.text?.hasSuffix(" must be a whole number of seconds from 1 to 55.") == true, "\(answer.text)")
            #expect(answer.json["details"]?.elements?.first?.members?["path"] == ["wait"])
        }
        #expect(try fixture.get("/jobs/\(driver.id).txt?wait=\(query)").status == 400)
        #expect(try fixture.jobs.count == 1)
        #expect(try fixture.get("/api/jobs/\(driver.id)?wait=%FF").status == 400)
    }

    @Test(
        arguments: [
            ("wait=5", 5), ("WAIT=55", 55), ("wait=\"7\"", 7), ("return=minimal, wait=1; a=b, wait=9", 1), ("a=\"x, wait=3\",wait = 4", 4),
            ("respond-async", nil), ("waiting=5", nil), ("", nil),
        ] as [(String, Int?)])
    func `waits are written in several ways, of several the first counts, and other preferences mean nothing`(field: String, seconds: Int?)
        throws
    {
        let request = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/", headerFields: [.prefer: field])
        #expect(try WaitPreference(request, query: "a=b")?.seconds == seconds)
        #expect(try WaitPreference(request, query: "wait=12")?.seconds == 12)
    }

    @Test func `while as many are held as may be, the answer is the one of now`() throws {
        let fixture = WebFixture(mayWait: false)
        let answer = try fixture.postJSON(#"{"prompt": "a lighthouse"}"#, [.prefer: "wait=50"])
        #expect(answer.status == 202)
        #expect(answer["Preference-Applied"] == nil)
        #expect(answer["Vary"] == "Prefer")
        let path = try #require(answer["Location"])
        let read = try fixture.get(path, [.prefer: "wait=50"])
        #expect(read.status == 200)
        #expect(read["Preference-Applied"] == nil)
        #expect(read["Cache-Control"] == "no-store")
        let known: HTTPFields = [.prefer: "wait=50", .ifNoneMatch: try #require(read["ETag"])]
        #expect([200, 304].contains(try fixture.get(path, known).status))
    }

    @Test func `when the server stops each gets the present state`() throws {
        let created = try fixture.postJSON(#"{"prompt": "a lighthouse"}"#, [.prefer: "wait=50"])
        let stopped = try #require(try created.next(.stopping))
        #expect(stopped.status == 202)
        #expect(stopped.wait == nil)
        #expect(stopped.json["state"] == "waiting")
        let path = try #require(stopped["Location"])
        #expect(try fixture.get("\(path)?wait=9").next(.stopping)?.status == 200)
        try JobDriver(fixture, id: fixture.jobs[0].id).submit()
        let tag = try #require(try fixture.get(path)["ETag"])
        #expect(try fixture.get("\(path)?wait=9", [.ifNoneMatch: tag]).next(.stopping)?.status == 304)
    }

    @Test func `a job that is removed while it is waited for is 410, and another user's is not waited for`() throws {
        let driver = try JobDriver(fixture)
        let path = "/api/jobs/\(driver.id)"
        let held = try fixture.get(path, [.prefer: "wait=50"])
        try driver.submit(.refused(JobFailure(.refused)))
        fixture.time.advance(by: .seconds(1))
        #expect(try fixture.store.removeFinished(before: fixture.time.now) == 1)
        let last = try #require(try held.next(.changed))
        #expect(last.status == 410)
        #expect(last.json["code"] == "job_removed")
        #expect(last.wait == nil)
        #expect(last["X-Content-Type-Options"] == "nosniff")
        #expect(try fixture.get("/api/jobs/\(JobID.sample(99))?wait=9").status == 404)
        #expect(try fixture.get("\(path)?wait=9").status == 410)
    }

    @Test func `pages of named sites may wait`() throws {
        let site = "https://friend.example"
        let fixture = WebFixture(settings: .init(corsOrigins: Origins(site)!), mayWait: true)
        let driver = try JobDriver(fixture)
        let held = try fixture.get("/api/jobs/\(driver.id)", [.origin: site, .prefer: "wait=1"])
        let last = try #require(try held.next(.due))
        #expect(last.status == 200)
        #expect(last["Access-Control-Allow-Origin"] == site)
        #expect(last["Vary"] == "Prefer, Origin")
        #expect(last["Access-Control-Expose-Headers"]?.contains("Preference-Applied") == true)
        let other = try fixture.get("/api/jobs/\(driver.id)", [.prefer: "wait=1"])
        #expect(try other.next(.due)?["Access-Control-Allow-Origin"] == nil)
    }

    @Test func `a clock that is put back does not make a wait longer, and one that is put forward ends it`() {
        let start = Timestamp(milliseconds: 1_000_000_000)
        var time = HeldTime(.seconds(40), from: start)
        #expect(time.wait == .seconds(15))
        time.pass(.changed, at: start - .seconds(3600))
        #expect(time.wait == .seconds(15))
        time.pass(.due, at: start - .seconds(3600))
        #expect(time.isQuiet)
        time.speak()
        time.pass(.due, at: start - .seconds(7200))
        time.speak()
        #expect(time.wait == .seconds(10))
        #expect(!time.isOver)
        #expect(!time.isQuiet)
        time.pass(.due, at: start - .seconds(7200))
        #expect(time.isOver)
        #expect(time.wait == .zero)
        var other = HeldTime(.seconds(40), from: start)
        other.pass(.changed, at: start + .seconds(3600))
        #expect(other.isOver)
        #expect(other.wait == .zero)
    }
}
