import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Pages of other web sites that use the API.
@Suite struct CORSTests {
    private static let site = "https://friend.example"
    private static let fromSite: HTTPFields = [.origin: site, .secFetchSite: "cross-site"]

    private func world(keyOwner: KeyOwner? = nil) -> WebFixture {
        WebFixture(settings: .init(corsOrigins: Origins("https://friend.example,https://other-friend.example")!), keyOwner: keyOwner)
    }

    private func preflight(_ path: String, in fixture: WebFixture, _ method: String = "POST", origin: String = site) throws -> Answer {
        let fields: HTTPFields = [
            .origin: origin, .accessControlRequestMethod: method, .accessControlRequestHeaders: "authorization,content-type",
        ]
        return try fixture.send(.options, path, fields)
    }

    @Test func `a named site makes, reads and cancels a job`() throws {
        let fixture = world()
        let made = try fixture.postJSON(#"{"prompt": "x"}"#, Self.fromSite)
        #expect(made.status == 202)
        #expect(made["Access-Control-Allow-Origin"] == Self.site)
        let shown = "Allow, ETag, Location, Retry-After, WWW-Authenticate, RateLimit-Policy, RateLimit, X-Request-ID, Preference-Applied"
        #expect(made["Access-Control-Expose-Headers"] == shown)
        #expect(made["Access-Control-Allow-Credentials"] == nil)
        #expect(made["Vary"] == "Origin")
        let path = try #require(made["Location"])
        #expect(try fixture.get(path, Self.fromSite)["Access-Control-Allow-Origin"] == Self.site)
        let tag = try #require(try fixture.get(path)["ETag"])
        let known = try fixture.get(path, [.origin: Self.site, .ifNoneMatch: tag])
        #expect(known.status == 304)
        #expect(known["Access-Control-Allow-Origin"] == Self.site)
        #expect(try fixture.send(.delete, path, Self.fromSite).status == 200)
    }

    @Test(arguments: [
        ("/api/jobs", "GET, HEAD, POST"), ("/api/jobs/\(JobID.sample(99))", "GET, HEAD, DELETE"),
        ("/api/jobs/\(JobID.sample(99))/resume", "POST"), ("/api/jobs/\(JobID.sample(99))/events", "GET, HEAD"),
        ("/api/models", "GET, HEAD"), ("/api/generate/image/bfl/flux-1-dev", "POST"),
    ])
    func `what a browser asks first is answered without a key`(path: String, methods: String) throws {
        let answer = try preflight(path, in: world(keyOwner: { _ in nil }))
        #expect(answer.status == 204)
        #expect(answer.text.isEmpty)
        #expect(answer["Access-Control-Allow-Origin"] == Self.site)
        #expect(answer["Access-Control-Allow-Methods"] == methods)
        #expect(
            answer["Access-Control-Allow-Headers"] == "Content-Type, Authorization, Idempotency-Key, If-None-Match, X-Webhook-URL, Prefer")
        #expect(answer["Access-Control-Max-Age"] == "600")
        #expect(answer["Vary"] == "Origin")
        #expect(answer["Allow"] == "\(methods), OPTIONS")
    }

    @Test(
        arguments: [
            (.get, "/api/jobs/\(JobID.sample(99))", 404), (.get, "/api/nothing", 404), (.options, "/api/nothing", 404),
            (.put, "/api/models", 405),
            (.get, "/api/jobs?limit=0", 422), (.post, "/api/jobs", 415),
        ] as [(HTTPRequest.Method, String, Int)])
    func `refusals can be read by the site, too`(method: HTTPRequest.Method, path: String, status: Int) throws {
        let answer = try world().send(method, path, Self.fromSite)
        #expect(answer.status == status)
        #expect(answer["Access-Control-Allow-Origin"] == Self.site)
        #expect(answer["Vary"] == "Origin")
    }

    @Test func `so can what the transport refuses, and a wrong key`() throws {
        let problem = world().problem(.post, "/krea/api/jobs", Self.fromSite)
        #expect(problem.status == 413)
        #expect(problem["Access-Control-Allow-Origin"] == Self.site)
        let wrong = try world(keyOwner: { _ in nil }).get("/api/jobs", [.origin: Self.site, .authorization: "Bearer x"])
        #expect(wrong.status == 401)
        #expect(wrong["Access-Control-Allow-Origin"] == Self.site)
    }

    @Test(arguments: ["https://stranger.example", "http://friend.example", "null"])
    func `another site gets nothing`(origin: String) throws {
        let fixture = world()
        let asked = try preflight("/api/jobs", in: fixture, origin: origin)
        #expect(asked.status == 204)
        let read = try fixture.get("/api/models", [.origin: origin])
        #expect(read.status == 200)
        for answer in [asked, read] {
            for name in ["Origin", "Methods", "Headers"] { #expect(answer["Access-Control-Allow-\(name)"] == nil) }
            #expect(answer["Vary"] == "Origin")
        }
        #expect(try fixture.postJSON(#"{"prompt": "x"}"#, [.origin: origin]).status == 403)
        #expect(try fixture.jobs.isEmpty)
    }

    @Test func `outside of the API a named site is as any other`() throws {
        let fixture = world()
        let driver = try JobDriver(fixture)
        #expect(try fixture.postForm("prompt=x", Self.fromSite).status == 403)
        #expect(try fixture.send(.post, "/jobs/\(driver.id)/cancel", Self.fromSite).status == 403)
        for path in ["/", "/jobs/\(driver.id).json", "/health"] {
            let answer = try fixture.get(path, Self.fromSite)
            #expect(answer.status == 200)
            #expect(answer["Access-Control-Allow-Origin"] == nil)
            #expect(answer["Vary"] == nil)
            #expect(try fixture.send(.options, path, Self.fromSite).status == 405)
        }
    }

    @Test func `a named site is never a user, though the browser sends the visitor's password along`() throws {
        let fixture = world()
        let fields: HTTPFields = [.contentType: "application/json"]
        let ids = try ["waits", "timed out"].map { prompt in
            try #require(try fixture.send(.post, "/api/jobs", user: "eve", fields, "{\"prompt\": \"\(prompt)\"}").json["job_id"]?.text)
        }
        let waiting = JobDriver(fixture, id: try #require(JobID(ids[0])))
        try waiting.timeOut()
        // Simple requests, before which a browser asks nothing.
        for origin in [Self.fromSite, [.origin: Self.site]] as [HTTPFields] {
            #expect(try fixture.send(.post, "/api/jobs/\(ids[0])/resume", user: "eve", origin).status == 404)
            for id in ids {
                #expect(try fixture.send(.delete, "/api/jobs/\(id)", user: "eve", origin).status == 404)
                #expect(try fixture.send(.get, "/api/jobs/\(id)", user: "eve", origin).status == 404)
            }
            #expect(try fixture.send(.get, "/api/jobs", user: "eve", origin).json["items"] == [])
        }
        for path in ["/api/jobs", "/api/generate/image/bfl/flux-1-dev"] {
            let made = try fixture.send(.post, path, user: "eve", Self.fromSite.adding(fields), #"{"prompt": "x"}"#)
            let id = try #require(made.json["job_id"]?.text.flatMap(JobID.init))
            #expect(try fixture.store.job(id)?.job.client == WebFixture.client)
        }
        #expect(try fixture.send(.get, "/api/jobs", user: "eve").json["items"]?.elements?.count == 2)
        #expect(try fixture.send(.post, "/api/jobs/\(ids[0])/resume", user: "eve").status == 202)
    }

    @Test func `where a user is required, a named site needs a key`() throws {
        let fixture = WebFixture(
            settings: .init(corsOrigins: Origins(Self.site)!, requiresUser: true), keyOwner: { $0 == "k1" ? Client(keyName: "shop") : nil }
        )
        #expect(try fixture.send(.get, "/api/models", user: "eve", Self.fromSite).status == 401)
        #expect(try fixture.send(.get, "/api/models", user: "eve", Self.fromSite.adding([.authorization: "Bearer k1"])).status == 200)
    }

    @Test func `the service's own pages may be named too, and stay those of the user`() throws {
        let fixture = WebFixture(settings: .init(corsOrigins: Origins("https://pictures.example")!))
        let fields: HTTPFields = [.origin: "https://pictures.example", .secFetchSite: "same-origin", .contentType: "application/json"]
        let made = try fixture.send(.post, "/api/jobs", user: "eve", fields, #"{"prompt": "x"}"#)
        let id = try #require(made.json["job_id"]?.text.flatMap(JobID.init))
        #expect(try fixture.store.job(id)?.job.client == Client(user: "eve", address: nil))
    }

    @Test func `without named sites nothing is said about any, and nobody may ask first`() throws {
        let fixture = WebFixture()
        let answer = try preflight("/api/jobs", in: fixture)
        #expect(answer.status == 405)
        #expect(answer["Allow"] == "GET, HEAD, POST")
        #expect(answer["Vary"] == nil)
        #expect(answer["Access-Control-Allow-Origin"] == nil)
        #expect(try fixture.get("/api/models", Self.fromSite)["Vary"] == nil)
    }
}

extension HTTPFields {
    /// These fields and others.
    fileprivate func adding(_ others: HTTPFields) -> HTTPFields {
        others.reduce(into: self) { $0.append($1) }
    }
}
