import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Requests with a name.
@Suite struct IdempotencyTests {
    private let fixture = WebFixture()

    private func post(_ body: String, key: String, address: String = WebFixture.address, user: String? = nil) throws -> Answer {
        let fields: HTTPFields = [.contentType: "application/json", .idempotencyKey: key]
        return try fixture.send(.post, "/api/jobs", address: address, user: user, fields, body)
    }

    @Test func `the same key with an equal request brings the same job with 200, however it is written`() throws {
        let first = try post(#"{"prompt": "x", "batchSize": 2}"#, key: "a")
        #expect(first.status == 202)
        let second = try post(#"{ "batch_size": 2.0, "model": "default", "prompt": "x" }"#, key: "a")
        #expect(second.status == 200)
        #expect(second.json == first.json)
        #expect(second["Location"] == first["Location"])
        #expect(second["Location"] != nil)
        #expect(try fixture.jobs.count == 1)
        #expect(fixture.log.lines.count == 1)
    }

    @Test func `the job that a key brings back is told as it is now`() throws {
        let first = try post(#"{"prompt": "x"}"#, key: "a")
        let id = try #require(JobID(first.json["job_id"]?.text ?? ""))
        _ = try fixture.store.cancel(id, at: fixture.time.now)
        let second = try post(#"{"prompt": "x"}"#, key: "a")
        #expect(second.status == 200)
        #expect(second.json["status"] == "cancelled")
        #expect(second["Retry-After"] == nil)
    }

    @Test func `the same key with another request is 422 and makes no job`() throws {
        _ = try post(#"{"prompt": "x"}"#, key: "a")
        let answer = try post(#"{"prompt": "y"}"#, key: "a")
        #expect(answer.status == 422)
        #expect(
            answer.json == [
                "error": "This Idempotency-Key came with a different request within the last 24 hours, so nothing was accepted.",
                "code": "idempotency_conflict",
            ])
        #expect(try fixture.jobs.count == 1)
    }

    @Test func `another key, another client and a day later are other requests`() throws {
        let body = #"{"prompt": "x"}"#
        #expect(try post(body, key: "a").status == 202)
        #expect(try post(body, key: "b").status == 202)
        #expect(try post(body, key: "a", address: "192.0.2.2").status == 202)
        #expect(try post(body, key: "a", user: "anna").status == 202)
        #expect(try post(body, key: "a", user: "anna").status == 200)
        fixture.time.advance(by: .seconds(86_400))
        #expect(try post(body, key: "a").status == 202)
    }

    @Test(arguments: [
        ("8e03978e-40d5-43dd-bc93-6894a57f9324", true), ("\"8E03978E-40D5-43DD-BC93-6894A57F9324\"", true),
        ("retry-8e03978e-40d5-43dd-bc93-6894a57f9324", true), ("019ad2d0-3c1f-7cc3-98c4-dc0c0c07398f", true),
        ("123e4567-e89b-12d3-a456-426614174000", true), ("8e03978e40d543ddbc936894a57f9324", true),
        ("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", true), ("q83vASNFZ4mrze8BI0Vnig==", true),
        ("V1StGXR8_Z5jdHi6B-myT", true), ("a", false), ("order-2026-11-28-000000000000001", false),
        ("00000000-0000-0000-0000-000000000000", false),
        ("ffffffff-ffff-ffff-ffff-ffffffffffff", false), ("2ed6657d-e927-568b-95e1-2665a8aea6a2", false),
        ("11111111111111111111111111111111", false), ("20261128183000202611281830001234", false),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ("My-Order-Number-2026-11-28", false), ("theQuickBrownFoxJumpsOverTheLazyDog", false),
        ("8e03978e-40d5-43dd-bc93-6894a57f932", false), ("Order-12-Anna-2026-11-28", false),
        ("V1StGXR8_Z5jdHi6B-my", false),
    ])
    func `a key that cannot be guessed finds its job from any network, any other key only from its own`(key: String, isUnguessable: Bool)
        throws
    {
        let addresses = ["192.0.2.1", "198.51.100.7", "2001:db8::1", "::ffff:203.0.113.9"]
        let answers = try addresses.map { try post(#"{"prompt": "x"}"#, key: key, address: $0) }
        #expect(answers.map(\.status) == (isUnguessable ? [202, 200, 200, 200] : [202, 202, 202, 202]))
        #expect(Set(answers.map { $0.json["job_id"]?.text }).count == (isUnguessable ? 1 : 4))
        #expect(try post(#"{"prompt": "y"}"#, key: key, address: addresses[1]).status == 422)
        // Who is known is asked for by name: nobody else's key finds a job of theirs, and theirs none of anybody's.
        #expect(try post(#"{"prompt": "x"}"#, key: key, user: "anna").status == 202)
        #expect(try post(#"{"prompt": "x"}"#, key: key, address: addresses[2], user: "anna").status == 200)
        #expect(try post(#"{"prompt": "x"}"#, key: key, user: "bob").status == 202)
    }

    @Test func `the hidden key of a form finds its job from any network, one that somebody made up only from its own`() throws {
        func send(_ token: String, _ address: String) throws -> String? {
            try fixture.send(
                .post, "/", address: address, [.contentType: "application/x-www-form-urlencoded"], "prompt=x&form_token=\(token)")[
                    "Location"]
        }
        let token = try #require(try fixture.get("/").formToken)
        #expect(try send(token, "192.0.2.1") == send(token, "198.51.100.7"))
        let made = "00000000-0000-0000-0000-000000000001"
        #expect(try send(made, "192.0.2.1") == send(made, "192.0.2.1"))
        #expect(try send(made, "192.0.2.1") != send(made, "198.51.100.7"))
    }

    @Test func `random keys of every usual kind look random`() {
        var dice = SeededGenerator(seed: 1)
        for _ in 1...2000 {
            let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &dice) }
            let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect(IdempotencyKey.isUnguessable(hex))
            #expect(IdempotencyKey.isUnguessable(JobID.random(using: &dice).description))
        }
        let base64 = (1...2000).count { _ in
            IdempotencyKey.isUnguessable(Base64URL.encode((0..<16).map { _ in .random(in: 0...255, using: &dice) }))
        }
        #expect(base64 > 1940)
    }

    @Test func `two prompts that only look alike are two requests`() throws {
        #expect(try post("{\"prompt\": \"Jos\u{E9}\"}", key: "a").status == 202)
        #expect(try post("{\"prompt\": \"Jose\u{301}\"}", key: "a").status == 422)
        #expect(try post("{\"prompt\": \"Jos\\u00e9\"}", key: "a").status == 200)
        let token = try #require(try fixture.get("/").formToken)
        let forms = try ["Jos%C3%A9", "Jose%CC%81"].map { try fixture.postForm("prompt=\($0)&form_token=\(token)")["Location"] }
        #expect(forms[0] != forms[1])
    }

    @Test(arguments: [
        ("", 422), ("!", 202), ("~", 202), ("\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", 202), ("a b", 422), ("a, b", 422), ("é", 422),
        (String(repeating: "k", count: 255), 202), (String(repeating: "k", count: 256), 422),
    ])
    func `a key has 1 to 255 visible characters`(key: String, status: Int) throws {
        let answer = try post(#"{"prompt": "x"}"#, key: key)
        #expect(answer.status == status)
        guard status == 422 else { return }
        let sentence = JSONValue.string("Idempotency-Key must have 1 to 255 visible ASCII characters.")
        #expect(
            answer.json == [
                "error": sentence, "code": "invalid_request",
                "details": [.object(["path": ["Idempotency-Key"], "message": sentence])],
            ])
        #expect(try fixture.jobs.isEmpty)
    }

    @Test func `a form's token names the same job for the same fields only, and is no key of the API`() throws {
        let token = try #require(try fixture.get("/").formToken)
        let first = try fixture.postForm("prompt=x&width=600&form_token=\(token)")
        #expect(try fixture.postForm("form_token=\(token)&width=600&prompt=x")["Location"] == first["Location"])
        let edited = try fixture.postForm("prompt=x&width=700&form_token=\(token)")
        #expect(edited.status == 303)
        #expect(edited["Location"] != first["Location"])
        #expect(try fixture.postForm("prompt=x&width=600&form_token=\(token)")["Location"] == first["Location"])
        #expect(try fixture.postForm("prompt=x&width=700&form_token=\(token)")["Location"] == edited["Location"])
        #expect(try post(#"{"prompt": "x", "width": 600}"#, key: token).status == 202)
        #expect(try fixture.jobs.count == 3)
    }

    @Test func `the hash of a form is FNV-1a, so that every process and version finds the same job`() {
        #expect(StableHash.text(of: []) == "cbf29ce484222325")
        #expect(StableHash.text(of: Array("foobar".utf8)) == "85944171f73967e8")
    }
}
