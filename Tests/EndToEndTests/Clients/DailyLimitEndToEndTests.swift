import Glibc
import Jobs
import TestSupport
import Testing

/// Limits of a day through nginx, over a kill.
@Suite(.timeLimit(.minutes(5))) struct DailyLimitEndToEndTests {
    private static let request = #"{"prompt": "a lighthouse"}"#

    @Test func `what was spent and asked for outlives a kill`() async throws {
        let stack = try await Stack(
            environment: [
                "KREA_FCGI_DAILY_LIMIT": "3", "KREA_FCGI_DAILY_SPEND_LIMIT_USD": "0.5", "KREA_FCGI_ASSUMED_PRICE_USD": "0.2",
            ])
        let first = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: Self.request)
        #expect(first["RateLimit-Policy"] == "\"pictures\";q=3;w=86400")
        #expect(first["RateLimit"]?.hasPrefix("\"pictures\";r=2;t=") == true)
        let second = try await stack.send("a lighthouse")
        #expect(try await stack.finished(second)["status"] == "completed")
        let third = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: Self.request)
        #expect(third.status == 429)
        #expect(try third.json["code"] == "spend_limit")
        stack.service.signal(SIGKILL)
        _ = try await stack.service.exitStatus()
        let service = try stack.serveAgain()
        try await service.line { $0.contains("Serving FastCGI") }
        let fourth = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: Self.request)
        #expect(try fourth.status == 429 && fourth.json["code"] == "spend_limit")
        #expect(fourth["Retry-After"].flatMap { Int($0) }.map { (1...86_400).contains($0) } == true)
        #expect(try await HTTPTestClient.get("\(stack.base)/").body.contains("id=\"left\""))
        #expect(try stack.kreaCalls().filter(\.isSubmission).count == 2)
    }

    @Test func `of many requests at once no more are accepted than the limit lets in`() async throws {
        let stack = try await Stack(environment: ["KREA_FCGI_DAILY_LIMIT": "10"])
        let statuses = try await withThrowingTaskGroup { group in
            for _ in 0..<40 {
                group.addTask { try await HTTPTestClient.post("\(stack.base)/api/jobs", json: Self.request).status }
            }
            return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(statuses == [202: 10, 429: 30])
    }
}
