import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Users of the web server.
@Suite struct UserTests {
    private let fixture = WebFixture()

    private func accept(as user: String?) throws -> JobID {
        let answer = try fixture.send(.post, "/api/jobs", user: user, [.contentType: "application/json"], #"{"prompt": "a lighthouse"}"#)
        return try #require(answer.json["job_id"]?.text.flatMap(JobID.init))
    }

    /// Everywhere where an ID leads to a job, and what is there for whoever may see it.
    private static let places: [(HTTPRequest.Method, String, Int)] = [
        (.get, "/jobs/ID", 200), (.head, "/jobs/ID", 200), (.get, "/jobs/ID.json", 200), (.get, "/jobs/ID.md", 200),
        (.get, "/jobs/ID.txt", 200), (.get, "/api/jobs/ID", 200), (.get, "/embed/jobs/ID", 200), (.post, "/api/jobs/ID/resume", 409),
        (.post, "/jobs/ID/resume", 303), (.post, "/embed/jobs/ID/resume", 303), (.post, "/jobs/ID/cancel", 303),
        (.post, "/embed/jobs/ID/cancel", 303), (.delete, "/api/jobs/ID", 409),
    ]

    @Test func `a user's job is there for that user alone, and for nobody else`() throws {
        let fixture = WebFixture(settings: .init(embedOrigins: try #require(Origins("https://example.org"))))
        let made = try fixture.send(.post, "/api/jobs", user: "eve", [.contentType: "application/json"], #"{"prompt": "a lighthouse"}"#)
        let id = try #require(made.json["job_id"]?.text)
        // What is kept for one is not there for another.
        for (method, path, status) in Self.places where method == .get {
            #expect(try fixture.send(method, path.replacing("ID", with: id), user: "eve").status == status, "\(method) \(path)")
        }
        for (method, path, _) in Self.places {
            for other in ["ann", nil, ""] {
                let answer = try fixture.send(method, path.replacing("ID", with: id), user: other)
                #expect(answer.status == 404, "\(method) \(path) for \(other ?? "nobody")")
                #expect(!answer.text.contains("lighthouse"), "\(method) \(path) for \(other ?? "nobody")")
            }
        }
        #expect(try fixture.store.job(try #require(JobID(id)))?.job.state == .waiting)
        for (method, path, status) in Self.places {
            #expect(try fixture.send(method, path.replacing("ID", with: id), user: "eve").status == status, "\(method) \(path)")
        }
    }

    @Test func `the job of an address or of a key is there for whoever has its ID`() throws {
        let ofAddress = try accept(as: nil)
        #expect(try fixture.get("/jobs/\(ofAddress)", address: "198.51.100.7", user: "ann").status == 200)
        let job = try Job.sample(77, client: Client(keyName: "ann"), at: fixture.time.now)
        _ = try fixture.store.accept(job, key: nil)
        #expect(try fixture.get("/api/jobs/\(job.id)").status == 200)
    }

    @Test func `the form takes nothing from another user's job, and a list of IDs leaves it out`() throws {
        let id = try accept(as: "eve")
        for (user, isThere) in [("eve", true), ("ann", false), (nil, false)] as [(String?, Bool)] {
            #expect(try fixture.get("/?again=\(id)", user: user).text.contains("a lighthouse</textarea>") == isThere)
        }
        #expect(try !fixture.get("/mine?ids=\(id)").text.contains("lighthouse"))
        #expect(try fixture.get("/mine", user: "eve").text.contains("lighthouse"))
        #expect(try !fixture.get("/mine?ids=\(id)", user: "ann").text.contains("lighthouse"))
    }

    @Test func `no shared cache may keep a user's job while it runs`() throws {
        let (owned, open) = (try accept(as: "eve"), try accept(as: nil))
        for path in ["/api/jobs/ID", "/jobs/ID.json", "/jobs/ID.txt", "/jobs/ID.md"] {
            let own = try fixture.get(path.replacing("ID", with: owned.description), user: "eve")
            #expect(own["Cache-Control"]?.hasPrefix("private, max-age=") == true, "\(path)")
            #expect(own["X-Accel-Expires"] == "0", "\(path)")
            let others = try fixture.get(path.replacing("ID", with: open.description))
            #expect(others["Cache-Control"]?.hasPrefix("max-age=") == true, "\(path)")
            #expect(others["X-Accel-Expires"] != "0", "\(path)")
        }
        // Nor when it has ended.
        let job = try fixture.store.cancel(owned, at: fixture.time.now).job
        let ended = try fixture.get("/api/jobs/\(job.id)", user: "eve")
        #expect(ended["Cache-Control"] == "private, max-age=86400")
        #expect(ended["X-Accel-Expires"] == "0")
        // Where everybody has to be somebody, no job is for a cache that asks nobody.
        let closed = WebFixture(settings: .init(requiresUser: true), store: fixture.store)
        #expect(try closed.get("/api/jobs/\(open)", user: "eve")["X-Accel-Expires"] == "0")
        #expect(try fixture.get("/api/jobs/\(owned)", user: "ann")["Cache-Control"] == "no-store")
    }

    @Test func `users whose names only look alike are two: neither reads, lists, changes or repeats the other's jobs`() throws {
        let fixture = WebFixture()
        let (jose, twin) = ("Jos\u{E9}", "Jose\u{301}")
        func post(_ user: String) throws -> Answer {
            try fixture.send(
                .post, "/api/jobs", user: user, [.contentType: "application/json", .idempotencyKey: "a"], #"{"prompt": "his"}"#)
        }
        let id = try #require(try post(jose).json["job_id"]?.text)
        for path in ["/jobs/\(id)", "/api/jobs/\(id)", "/jobs/\(id).txt", "/embed/jobs/\(id)"] {
            #expect(try fixture.get(path, user: twin).status == 404, "\(path)")
        }
        #expect(try fixture.send(.delete, "/api/jobs/\(id)", user: twin).status == 404)
        #expect(try fixture.send(.post, "/jobs/\(id)/cancel", user: twin).status == 404)
        #expect(try !fixture.get("/?again=\(id)", user: twin).text.contains("his</textarea>"))
        #expect(try fixture.get("/api/jobs", user: twin).json["items"] == [] && !fixture.get("/", user: twin).text.contains(id))
        #expect(try post(twin).status == 202 && post(jose).status == 200)
        #expect(try fixture.get("/api/jobs/\(id)", user: jose).status == 200)
    }

    @Test func `the same form of two users makes two jobs, and a double click of one user makes one`() throws {
        let token = try #require(try fixture.get("/", user: "eve").formToken)
        let fields: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        let send = { (user: String) in
            try fixture.send(.post, "/", user: user, fields, "form_token=\(token)&prompt=x")["Location"]
        }
        let first = try send("eve")
        #expect(try send("eve") == first)
        #expect(try send("ann") != first)
    }
}
