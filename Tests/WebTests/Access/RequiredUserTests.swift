import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// A service for users only.
@Suite struct RequiredUserTests {
    private static let owner: KeyOwner = { $0 == "k1" ? Client(keyName: "ann") : nil }

    private func world(keys: Bool) -> WebFixture {
        WebFixture(
            settings: .init(requiresUser: true), keyOwner: keys ? Self.owner : nil,
            signedJob: { payload, _ in payload == "eyJwcm9tcHQiOiJ4In0" ? .sample(5) : nil })
    }

    private static let closed: [(HTTPRequest.Method, String)] = [
        (.get, "/"), (.post, "/"), (.get, "/mine"), (.get, "/jobs/\(JobID.sample(1))"), (.get, "/jobs/\(JobID.sample(1)).txt"),
        (.post, "/jobs/\(JobID.sample(1))/cancel"), (.post, "/jobs/\(JobID.sample(1))/resume"), (.get, "/api/jobs"), (.post, "/api/jobs"),
        (.get, "/api/jobs/\(JobID.sample(1))"), (.delete, "/api/jobs/\(JobID.sample(1))"), (.post, "/api/jobs/\(JobID.sample(1))/resume"),
        (.get, "/api/models"), (.get, "/api/openapi.json"), (.post, "/api/generate/image/bfl/flux-1-dev"),
    ]

    @Test func `whoever has no name is refused with 403, and a program that could show a key with 401`() throws {
        for (method, path) in Self.closed {
            let answer = try world(keys: false).send(method, path)
            #expect(answer.status == 403, "\(method) \(path)")
            let mayShowKey = path.hasPrefix("/api/")
            let withKeys = try world(keys: true).send(method, path)
            #expect(withKeys.status == (mayShowKey ? 401 : 403), "\(method) \(path)")
            #expect(withKeys["WWW-Authenticate"] == (mayShowKey ? "Bearer" : nil), "\(method) \(path)")
        }
        #expect(try world(keys: false).get("/api/jobs").json["code"] == "user_required")
    }

    @Test func `a user is served, and so is a program with a key`() throws {
        let fixture = world(keys: true)
        #expect(try fixture.get("/", user: "eve").status == 200)
        #expect(try fixture.get("/api/jobs", user: "eve").status == 200)
        #expect(try fixture.get("/api/models", [.authorization: "Bearer k1"]).status == 200)
        #expect(try fixture.get("/", [.authorization: "Bearer k1"]).status == 403)
    }

    @Test func `a monitor, Krea and readers of signed pictures need no name`() throws {
        let fixture = world(keys: true)
        #expect(try fixture.get("/health").status == 200)
        #expect(try fixture.send(.post, "/api/webhooks/krea/x").status == 204)
        #expect(try fixture.get("/i/AAAA/eyJwcm9tcHQiOiJ4In0.png").status == 200)
    }

    @Test func `where no user is required, nobody needs to be one`() throws {
        for path in ["/", "/mine", "/api/jobs", "/api/models"] { #expect(try WebFixture().get(path).status == 200) }
    }
}
