import Foundation
import Jobs
import TestSupport
import Testing

/// What a real service writes, and what it never does.
@Suite(.timeLimit(.minutes(5))) struct LogTests {
    @Test(arguments: ["text", "json", "journal"])
    func `neither a prompt nor a secret is ever logged, at whatever level, and each call to Krea is a line`(format: String) async throws {
        let (token, prompt) = ("s3cret-token-of-the-operator", "zanzibar")
        let stack = try await Stack(
            token: token, simulator: ["--run-seconds", "0", "--token", token], webhooks: true,
            environment: ["KREA_FCGI_LOG_LEVEL": "trace", "KREA_FCGI_LOG_FORMAT": format, "KREA_FCGI_SLOW_REQUEST_SECONDS": "0.001"])
        for words in [prompt, "\(prompt) [[failed]]", "\(prompt) [[400]]", "\(prompt) [[cut]]", "\(prompt) [[500-poll:1]]"] {
            let accepted = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "\#(words)"}"#)
            let id = try #require(try accepted.json["job_id"]?.text)
            var job = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)").json
            while !JobState.allCases.filter(\.isFinished).map(\.rawValue).contains(job["state"]?.text ?? "") {
                job = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)").json
            }
            #expect(!stack.service.lines.contains { $0.contains(id) && $0.contains("/jobs/\(id)") })
        }
        _ = try await HTTPTestClient.post("\(stack.base)/", form: ["prompt": prompt, "width": prompt])
        _ = try await HTTPTestClient.get("\(stack.base)/api/jobs?cursor=\(prompt)")
        try await stack.service.line { $0.contains("A request was slow.") }
        let lines = stack.service.lines
        #expect(lines.filter { $0.contains(token) || $0.contains(prompt) } == [])
        let call = try #require(lines.first { $0.contains("Submitted a job to Krea") })
        for member in ["kind", "outcome", "job", "part", "milliseconds", "status"] { #expect(call.contains(member), "\(call)") }
        switch format {
        case "json":
            for line in lines {
                #expect((try? JSONDecoder().decode([String: String].self, from: Data(line.utf8))) != nil, "\(line)")
            }
        case "journal": #expect(lines.allSatisfy { $0.firstMatch(of: /^<[2-7]>/) != nil })
        default:
            #expect(lines.allSatisfy { $0.firstMatch(of: #/^[0-9T:.-]+Z (trace|debug|info|notice|warning|error) krea-fcgi: /#) != nil })
        }
    }

    @Test(arguments: WebServer.allCases)
    func `an answer names its request, as the web server does where it can and never as a visitor wants it`(server: WebServer) async throws
    {
        let stack = try await Stack(environment: ["KREA_FCGI_LOG_LEVEL": "debug"], behind: server)
        let name = try #require(
            try await HTTPTestClient.get(
                "\(stack.base)/", [("X-Request-ID", "from-outside"), ("X_Request_ID", "from-outside"), ("Request-ID", "from-outside")])[
                    "X-Request-ID"])
        // lighttpd has no name of its own: there the service gives it.
        #expect(name != "from-outside")
        try await stack.service.line { $0.contains("request_id=\(name)") }
    }
}
