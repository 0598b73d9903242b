import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

@Suite("Requests with a name")
struct IdempotencyTests {
    private let world = World()

    private func post(_ body: String, key: String, address: String = World.address, user: String? = nil) throws -> Answer {
        let fields: HTTPFields = [.contentType: "application/json", .idempotencyKey: key]
        return try world.send(.post, "/api/jobs", address: address, user: user, fields, body)
    }

    @Test("The same key with an equal request brings the same job with 200, however it is written")
    func same() throws {
        let first = try post(#"{"prompt": "x", "batchSize": 2}"#, key: "a")
        #expect(first.status == 202)
        let second = try post(#"{ "batch_size": 2.0, "model": "default", "prompt": "x" }"#, key: "a")
        #expect(second.status == 200)
        #expect(second.json == first.json && second["Location"] == first["Location"] && second["Location"] != nil)
        #expect(try world.jobs.count == 1)
        #expect(world.log.lines.count == 1)
    }

    @Test("The job that a key brings back is told as it is now")
    func later() throws {
        let first = try post(#"{"prompt": "x"}"#, key: "a")
        let id = try #require(JobID(first.json["job_id"]?.text ?? ""))
        _ = try world.store.cancel(id, at: world.time.now)
        let second = try post(#"{"prompt": "x"}"#, key: "a")
        #expect(second.status == 200 && second.json["status"] == "cancelled" && second["Retry-After"] == nil)
    }

    @Test("The same key with another request is 422 and makes no job")
    func conflict() throws {
        _ = try post(#"{"prompt": "x"}"#, key: "a")
        let answer = try post(#"{"prompt": "y"}"#, key: "a")
        #expect(answer.status == 422)
        #expect(
            answer.json == [
                "error": "This Idempotency-Key came with another request within the last 24 hours, so nothing was accepted.",
                "code": "idempotency_conflict",
            ])
        #expect(try world.jobs.count == 1)
    }

    @Test("Another key, another client and a day later are other requests")
    func others() throws {
        let body = #"{"prompt": "x"}"#
        #expect(try post(body, key: "a").status == 202)
        #expect(try post(body, key: "b").status == 202)
        #expect(try post(body, key: "a", address: "192.0.2.2").status == 202)
        #expect(try post(body, key: "a", user: "anna").status == 202)
        #expect(try post(body, key: "a", user: "anna").status == 200)
        world.time.advance(by: .seconds(86_400))
        #expect(try post(body, key: "a").status == 202)
    }

    @Test(
        "A key has 1 to 255 visible characters",
        arguments: [
            ("", 422), ("!", 202), ("~", 202), ("\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", 202), ("a b", 422), ("a, b", 422), ("é", 422),
            (String(repeating: "k", count: 255), 202), (String(repeating: "k", count: 256), 422),
        ])
    func keys(key: String, status: Int) throws {
        let answer = try post(#"{"prompt": "x"}"#, key: key)
        #expect(answer.status == status)
        guard status == 422 else { return }
        let sentence = JSONValue.string("Idempotency-Key must have 1 to 255 visible ASCII characters.")
        #expect(
            answer.json == [
                "error": sentence, "code": "invalid_request",
                "details": [.object(["path": ["Idempotency-Key"], "message": sentence])],
            ])
        #expect(try world.jobs.isEmpty)
    }

    @Test("A form's token names the same job for the same fields only, and is no key of the API")
    func form() throws {
        let token = try #require(try world.get("/").formToken)
        let first = try world.postForm("prompt=x&width=600&form_token=\(token)")
        #expect(try world.postForm("form_token=\(token)&width=600&prompt=x")["Location"] == first["Location"])
        let edited = try world.postForm("prompt=x&width=700&form_token=\(token)")
        #expect(edited.status == 303 && edited["Location"] != first["Location"])
        #expect(try world.postForm("prompt=x&width=600&form_token=\(token)")["Location"] == first["Location"])
        #expect(try world.postForm("prompt=x&width=700&form_token=\(token)")["Location"] == edited["Location"])
        #expect(try post(#"{"prompt": "x", "width": 600}"#, key: token).status == 202)
        #expect(try world.jobs.count == 3)
    }

    @Test("The hash of a form is FNV-1a, so that every process and version finds the same job")
    func hash() {
        #expect(StableHash.text(of: []) == "cbf29ce484222325")
        #expect(StableHash.text(of: Array("foobar".utf8)) == "85944171f73967e8")
    }
}
