import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Keys of programs.
@Suite struct KeyTests {
    private static let owner: KeyOwner = { key in ["k1": "ann", "k2": "ann", "k3": "ben"][key].map(Client.init(keyName:)) }
    private let fixture = WebFixture(keyOwner: owner)

    private func post(_ authorization: String?, user: String? = nil, idempotencyKey: String? = nil) throws -> Answer {
        var fields: HTTPFields = [.contentType: "application/json"]
        fields[.authorization] = authorization
        fields[.idempotencyKey] = idempotencyKey
        return try fixture.send(.post, "/api/jobs", user: user, fields, #"{"prompt": "x"}"#)
    }

    private func owners() throws -> [String] {
        try fixture.store.jobs(JobQuery(client: nil)).items.map(\.job.client.key)
    }

    @Test(
        arguments: [
            ("Bearer k1", nil, "key:ann"), ("bearer  k3 ", nil, "key:ben"), ("Bearer k1", "eve", "key:ann"), (nil, "eve", "user:eve"),
            ("Basic ZXZlOng=", "eve", "user:eve"),
        ] as [(String?, String?, String)])
    func `a known key or a user of the web server is let in`(authorization: String?, user: String?, client: String) throws {
        #expect(try post(authorization, user: user).status == 202)
        #expect(try owners() == [client])
    }

    @Test(
        arguments: [
            (nil, nil, "Bearer"), ("Basic ZXZlOng=", nil, "Bearer"), ("k1", nil, "Bearer"), ("", nil, "Bearer"), (nil, "", "Bearer"),
            ("Bearer k4", nil, "Bearer error=\"invalid_token\""), ("Bearer", nil, "Bearer error=\"invalid_token\""),
            ("Bearer K1", nil, "Bearer error=\"invalid_token\""), ("Bearer k1, Bearer k1", nil, "Bearer error=\"invalid_token\""),
            ("Bearer k4", "eve", "Bearer error=\"invalid_token\""),
        ] as [(String?, String?, String)])
    func `nobody else is, and is told how`(authorization: String?, user: String?, challenge: String) throws {
        let answer = try post(authorization, user: user)
        #expect(answer.status == 401)
        #expect(answer["WWW-Authenticate"] == challenge)
        #expect(answer.json["code"] == "unauthorized")
        #expect(answer.json["error"]?.text?.hasSuffix(".") == true)
        #expect(try owners().isEmpty)
    }

    @Test(arguments: ["Bearer", "Bearer ", "bearer    "])
    func `an empty key is nobody's, even where the list of keys has one`(authorization: String) throws {
        let fixture = WebFixture(keyOwner: { $0.isEmpty ? Client(keyName: "nothing") : nil })
        let answer = try fixture.postJSON(#"{"prompt": "x"}"#, [.authorization: authorization])
        #expect(answer.status == 401)
        #expect(answer["WWW-Authenticate"] == "Bearer error=\"invalid_token\"")
    }

    @Test func `a key that is not UTF-8 is nobody's, even if what is made of it were somebody's`() throws {
        let fixture = WebFixture(keyOwner: { _ in Client(keyName: "ann") })
        var fields: HTTPFields = [.contentType: "application/json"]
        fields.append(HTTPField(name: .authorization, value: Array("Bearer k".utf8) + [0xFF]))
        #expect(try fixture.postJSON(#"{"prompt": "x"}"#, fields).status == 401)
    }

    @Test func `what makes, changes or lists jobs needs a key, what only reads needs none, and a wrong key is wrong everywhere`() throws {
        let id = try #require(try post("Bearer k1").json["job_id"]?.text)
        let rows: [(HTTPRequest.Method, String, Int)] = [
            (.post, "/api/jobs", 401), (.get, "/api/jobs", 401), (.head, "/api/jobs", 401), (.delete, "/api/jobs/\(id)", 401),
            (.post, "/api/jobs/\(id)/resume", 401), (.post, "/api/generate/image/bfl/flux-1-dev", 401), (.get, "/api/jobs/\(id)", 200),
            (.get, "/api/models", 200), (.get, "/api/nothing", 404), (.post, "/api/generate/video/x/y", 404), (.patch, "/api/jobs", 405),
        ]
        for (method, path, status) in rows {
            #expect(try fixture.send(method, path).status == status, "\(method) \(path)")
            #expect(try fixture.send(method, path, [.authorization: "Bearer wrong"]).status == 401, "\(method) \(path)")
        }
        #expect(try fixture.send(.delete, "/api/jobs/\(id)", [.authorization: "Bearer k3"]).status == 200)
    }

    @Test func `the pages are for people, whose web server lets them in: a key is not looked at there`() throws {
        #expect(try fixture.get("/", [.authorization: "Bearer wrong"]).status == 200)
        #expect(try fixture.postForm("prompt=x", [.authorization: "Bearer wrong"]).status == 303)
        #expect(try fixture.get("/health", [.authorization: "Bearer wrong"]).status == 200)
    }

    @Test func `a list shows the jobs of all keys with the name, and of no other`() throws {
        let ids = try ["Bearer k1", "Bearer k2", "Bearer k3"].map { try #require(try post($0).json["job_id"]?.text) }
        func list(_ key: String) throws -> [String]? {
            try fixture.get("/api/jobs", [.authorization: "Bearer \(key)"]).json["items"]?.elements?.compactMap {
                $0.members?["job_id"]?.text
            }
        }
        #expect(try list("k1") == [ids[1], ids[0]])
        #expect(try list("k2") == [ids[1], ids[0]])
        #expect(try list("k3") == [ids[2]])
    }

    @Test func `the name of a request is its owner's`() throws {
        let first = try post("Bearer k1", idempotencyKey: "a").json["job_id"]
        #expect(try post("Bearer k2", idempotencyKey: "a").json["job_id"] == first)
        #expect(try post("Bearer k3", idempotencyKey: "a").json["job_id"] != first)
    }

    @Test func `another site cannot use a key either`() throws {
        let answer = try fixture.postJSON(#"{"prompt": "x"}"#, [.authorization: "Bearer k1", .secFetchSite: "cross-site"])
        #expect(answer.status == 403)
    }

    @Test func `no key is logged`() throws {
        _ = try post("Bearer k1")
        _ = try post("Bearer wrong")
        #expect(!fixture.log.lines.isEmpty)
        #expect(!fixture.log.lines.contains { $0.contains("k1") || $0.contains("wrong") })
    }

    @Test func `where programs need no key, an Authorization header means nothing`() throws {
        let fixture = WebFixture()
        #expect(try fixture.postJSON(#"{"prompt": "x"}"#, [.authorization: "Bearer anything"]).status == 202)
        #expect(try fixture.jobs.map(\.client) == [WebFixture.client])
    }
}
