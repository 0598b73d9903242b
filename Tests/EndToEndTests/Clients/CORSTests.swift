import Jobs
import Testing

/// A page of another site that uses the API through nginx, as its browser would.
@Suite(.timeLimit(.minutes(5))) struct CORSTests {
    @Test func `a page of a named site asks, makes a job and reads it; one of another gets nothing`() async throws {
        let stack = try await Stack(environment: ["KREA_FCGI_CORS_ORIGINS": "https://friend.example"])
        let origin = ("Origin", "https://friend.example")
        let asked = try await HTTPTestClient.request(
            "OPTIONS", "\(stack.base)/api/jobs",
            [origin, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type,idempotency-key")])
        #expect(asked.status == 204)
        #expect(asked["Access-Control-Allow-Origin"] == "https://friend.example")
        #expect(asked["Access-Control-Allow-Methods"]?.contains("POST") == true)
        #expect(asked["Access-Control-Allow-Headers"]?.contains("Idempotency-Key") == true)

        let sent = try await HTTPTestClient.post(
            "\(stack.base)/api/jobs", json: #"{"prompt": "a lighthouse"}"#, [origin, ("Sec-Fetch-Site", "cross-site")])
        #expect(sent.status == 202)
        #expect(sent["Access-Control-Allow-Origin"] == "https://friend.example")
        let id = try #require(try sent.json["job_id"]?.text)
        let job = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)", [origin])
        #expect(job["Access-Control-Allow-Origin"] == "https://friend.example")
        #expect(job["Access-Control-Expose-Headers"]?.contains("Retry-After") == true)
        #expect(job["Access-Control-Expose-Headers"]?.contains("X-Request-ID") == true)
        #expect(job["X-Request-ID"] != nil)
        #expect(job["Vary"] == "Origin")
        let missing = try await HTTPTestClient.get("\(stack.base)/api/nothing", [origin])
        #expect(missing.status == 404)
        #expect(missing["Access-Control-Allow-Origin"] == "https://friend.example")

        let stranger = ("Origin", "https://stranger.example")
        let refused = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "a lighthouse"}"#, [stranger])
        #expect(refused.status == 403)
        #expect(refused["Access-Control-Allow-Origin"] == nil)
        #expect(try await HTTPTestClient.get("\(stack.base)/api/models", [stranger])["Access-Control-Allow-Origin"] == nil)
        #expect(try await HTTPTestClient.get("\(stack.base)/", [origin])["Access-Control-Allow-Origin"] == nil)
    }
}
