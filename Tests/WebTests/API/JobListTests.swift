import Jobs
import TestSupport
import Testing

@testable import Web

/// The list of jobs.
@Suite struct JobListTests {
    private let fixture = WebFixture()

    private func ids(_ query: String, address: String = WebFixture.address, user: String? = nil) throws -> [String] {
        let answer = try fixture.get("/api/jobs\(query)", address: address, user: user)
        return try #require(answer.json["items"]?.elements).compactMap { $0.members?["job_id"]?.text }
    }

    @Test func `a client sees its own jobs, the newest first, and no other client sees them`() throws {
        let jobs = try (1...3).map { _ in try JobDriver(fixture).id.description }
        #expect(try ids("") == jobs.reversed())
        #expect(try ids("", address: "192.0.2.2").isEmpty)
        #expect(try ids("", user: "anna").isEmpty)
        #expect(try fixture.get("/api/jobs")["Cache-Control"] == "no-store")
    }

    @Test func `a list is the same jobs as the jobs by themselves`() throws {
        let driver = try JobDriver(fixture)
        #expect(
            try fixture.get("/api/jobs").json == ["items": [.object(try fixture.get("/api/jobs/\(driver.id)").json)], "next_cursor": .null])
    }

    @Test(arguments: [1, 2, 3, 5, 7, 1000])
    func `page after page brings each job once`(limit: Int) throws {
        let jobs = try (1...5).map { _ in try JobDriver(fixture).id.description }
        var found: [String] = []
        var cursor = ""
        for _ in 1...6 {
            let answer = try fixture.get("/api/jobs?limit=\(limit)\(cursor)")
            let items = try #require(answer.json["items"]?.elements)
            #expect(items.count <= limit)
            found += items.compactMap { $0.members?["job_id"]?.text }
            guard let next = answer.json["next_cursor"]?.text else { break }
            cursor = "&cursor=\(next)"
        }
        #expect(found == jobs.reversed())
    }

    @Test(arguments: ["", "&status=backlogged"])
    func `a list has a megabyte of large requests at most, but one job, and goes on where it ends`(status: String) throws {
        let picture = "data:image/png;base64," + String(repeating: "A", count: 400_000)
        let jobs = try (1...5).map { _ in
            let answer = try fixture.postJSON("{\"prompt\": \"a\", \"imageUrls\": [\"\(picture)\"]}")
            return try #require(answer.json["job_id"]?.text)
        }
        var (found, cursor, parts) = ([String](), "", 0)
        repeat {
            let answer = try fixture.get("/api/jobs?limit=1000\(status)\(cursor)")
            let items = try #require(answer.json["items"]?.elements)
            #expect((1...2).contains(items.count))
            found += items.compactMap { $0.members?["job_id"]?.text }
            cursor = answer.json["next_cursor"]?.text.map { "&cursor=\($0)" } ?? ""
            parts += 1
        } while !cursor.isEmpty && parts < 9
        #expect(found == jobs.reversed())
    }

    @Test func `a time as the cursor brings the jobs from before it, as Krea's lists go on`() throws {
        let first = try JobDriver(fixture)
        fixture.time.advance(by: .milliseconds(1))
        let moment = fixture.time.now.iso8601
        let others = try [JobDriver(fixture), JobDriver(fixture)]
        #expect(try ids("?cursor=\(moment)") == [first.id.description])
        fixture.time.advance(by: .milliseconds(1))
        #expect(try ids("?cursor=\(fixture.time.now.iso8601)&limit=2") == others.reversed().map(\.id.description))
        #expect(try ids("?cursor=2020-01-01T00:00:00Z").isEmpty)
    }

    @Test func `a status filters by Krea's words and by ours`() throws {
        let refused = try JobDriver(fixture)
        try refused.submit(.refused(JobFailure(.refused)))
        let late = try JobDriver(fixture)
        try late.timeOut()
        let done = try JobDriver(fixture)
        try done.submit()
        try done.poll(KreaJob(id: "k", status: "completed", urls: ["https://krea.ai/1.png"]))
        let sampling = try JobDriver(fixture)
        try sampling.submit()
        try sampling.poll(KreaJob(id: "k", status: "sampling"))
        let backlogged = try JobDriver(fixture)
        try backlogged.submit(.answered(KreaJob(id: "l", status: "backlogged")))
        let lost = try JobDriver(fixture)
        try lost.submit(.noAnswer)
        let waiting = try JobDriver(fixture)

        let rows: [(String, [JobDriver])] = [
            ("backlogged", [waiting, backlogged]), ("queued", [lost]), ("sampling", [sampling]), ("processing", []),
            ("completed", [done]), ("failed", [late, refused]), ("cancelled", []),
            ("waiting", [waiting]), ("unconfirmed", [lost]), ("running", [backlogged, sampling]), ("timed_out", [late]),
        ]
        for (word, lives) in rows {
            #expect(try ids("?status=\(word)") == lives.map(\.id.description), "\(word)")
        }
        // The waiting and the lost one are between nothing and the first match: a page is filled all the same.
        #expect(try ids("?status=sampling&limit=1") == [sampling.id.description])
    }

    @Test func `a filtered page that the store gives too much for is cut, and goes on after its last job`() throws {
        var expected: [String] = []
        for number in 1...6 {
            let driver = try JobDriver(fixture)
            let word = number == 5 ? "scheduled" : "sampling"
            try driver.submit(.answered(KreaJob(id: "k\(number)", status: word)))
            if word == "sampling" { expected.insert(driver.id.description, at: 0) }
        }
        var found: [String] = []
        var cursor = ""
        for _ in 1...4 {
            let answer = try fixture.get("/api/jobs?status=sampling&limit=2\(cursor)")
            found += try #require(answer.json["items"]?.elements).compactMap { $0.members?["job_id"]?.text }
            guard let next = answer.json["next_cursor"]?.text else { break }
            cursor = "&cursor=\(next)"
        }
        #expect(found == expected)
    }

    @Test(arguments: [
        ("limit=0", "limit", "limit \"0\" must be a whole number from 1 to 1000."),
        ("limit=1001", "limit", "limit \"1001\" must be a whole number from 1 to 1000."),
        ("limit=x", "limit", "limit \"x\" must be a whole number from 1 to 1000."),
        (
            "cursor=yesterday", "cursor",
            "cursor \"yesterday\" must be the next_cursor of a list, or a time like 2026-01-31T12:00:00Z."
        ),
        (
            "status=done", "status",
            "status \"done\" is unknown; allowed are backlogged, queued, scheduled, processing, sampling, intermediate-complete, "
                + "waiting, submitting, unconfirmed, running, completed, failed, cancelled, timed_out."
        ),
    ])
    func `a parameter with an impossible value is named`(query: String, name: String, sentence: String) throws {
        let answer = try fixture.get("/api/jobs?\(query)")
        #expect(answer.status == 422)
        #expect(
            answer.json == [
                "error": .string(sentence), "code": "invalid_request",
                "details": [.object(["path": [.string(name)], "message": .string(sentence)])],
            ])
    }

    @Test func `a query that is not well encoded is 400, parameters that only Krea has do not matter`() throws {
        #expect(try fixture.get("/api/jobs?limit=%").status == 400)
        #expect(try fixture.get("/api/jobs?types=flux").status == 200)
    }
}
