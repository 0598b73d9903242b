import Foundation
import Glibc
import Jobs
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// The status of a real service: well, with every worker held, and with a store that cannot be written.
@Suite(.timeLimit(.minutes(5))) struct StatusTests {
    /// A stack with a status, and where that is.
    private func stack(_ environment: [String: String] = [:]) async throws -> (Stack, status: String) {
        let port = try Stack.freePort()
        let stack = try await Stack(environment: environment.merging(["KREA_FCGI_STATUS_LISTEN": "127.0.0.1:\(port)"]) { $1 })
        return (stack, "http://127.0.0.1:\(port)")
    }

    /// The samples of the metrics, by name and labels, as Prometheus's parser reads them.
    private func metrics(_ status: String) async throws -> [String: Double] {
        let answer = try await HTTPTestClient.get("\(status)/metrics")
        #expect(answer["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
        let script = Stack.repository.appending(path: "Tests/Tools/openmetrics.py")
        let result = try await run(
            .path("/usr/bin/python3"), arguments: [script.path], input: .string(answer.body), output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 16))
        #expect(result.terminationStatus.isSuccess, "\(result.standardError)\n\(answer.body)")
        let lines = result.standardOutput.split(separator: "\n")
        return Dictionary(
            lines.compactMap { line in
                line.lastIndex(of: " ").map { (String(line[..<$0]), Double(line[line.index(after: $0)...]) ?? .nan) }
            }
        ) { $1 }
    }

    @Test func `what a job's life does to a service is in its status and its metrics`() async throws {
        let (stack, status) = try await stack()
        let accepted = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "a lighthouse"}"#)
        _ = try await stack.finished(try #require(try accepted.json["job_id"]?.text))
        let json = try await HTTPTestClient.get("\(status)/status?json").json
        #expect(json["role"] == "dispatcher")
        #expect(json["queue"]?["finished_jobs"] == 1)
        #expect(json["store"]?["is_writable"] == true)
        #expect(json["ledger"]?["broken_rules"] == 0)
        #expect(json["fastcgi"]?["backlog"] == 0)
        #expect(json["krea"]?.elements?.contains { $0["kind"] == "submit" && $0["outcome"] == "accepted" && $0["count"] == 1 } == true)
        let samples = try await metrics(status)
        #expect(samples[#"krea_fcgi_krea_call_seconds_count {"kind": "submit", "outcome": "accepted"}"#] == 1)
        #expect(samples[#"krea_fcgi_request_seconds_count {"status": "2xx"}"#].map { $0 >= 2 } == true)
        #expect(samples[#"krea_fcgi_role {"role": "dispatcher"}"#] == 1)
        #expect(samples["krea_fcgi_ledger_broken_rules_total {}"] == 0)
        #expect(samples["krea_fcgi_store_writable {}"] == 1)
        for name in ["started", "ready", "live"] {
            let health = try await HTTPTestClient.get("\(status)/health/\(name)")
            #expect(health.status == 200)
            #expect(health.body == "ok\n")
        }
    }

    @Test func `with every worker held by half a request the status is there, and names what holds them`() async throws {
        let (stack, status) = try await stack(["KREA_FCGI_THREADS": "2"])
        let id = UUID().uuidString.lowercased()
        let socket = FastCGIClient.Target.unix(path: stack.folder.file("krea-fcgi.sock"))
        let held = try await onThread {
            try (1...3).map { _ in
                let client = try FastCGIClient(socket)
                try client.send(
                    // What is not a web server's libfcgi reads by itself, and waits for.
                    FastCGIRecord(.getValues, requestID: 0), .begin(isKept: false),
                    FastCGIRecord(
                        .parameters,
                        FastCGIRecord.pairs([
                            "REQUEST_METHOD": "POST", "REQUEST_URI": "/krea/api/jobs/\(id)/resume?secret", "CONTENT_LENGTH": "10",
                        ])), FastCGIRecord(.parameters), FastCGIRecord(.standardInput, [1]))
                return client
            }
        }
        var json = JSONValue.null
        repeat { json = try await HTTPTestClient.get("\(status)/status?json&full").json } while json["fastcgi"]?["busy"] != 2
        #expect(json["fastcgi"]?["times_all_busy"].flatMap(\.number).map { $0 >= 1 } == true)
        #expect(json["fastcgi"]?["backlog"] == 1)
        var lines = json["workers"]?.elements ?? []
        // A worker is busy a moment before it knows with what.
        while !lines.allSatisfy({ $0["method"] == "POST" }) {
            lines = try await HTTPTestClient.get("\(status)/status?json&full").json["workers"]?.elements ?? []
        }
        #expect(lines.map { $0["state"] } == ["reading", "reading"])
        #expect(lines.map { $0["path"] } == Array(repeating: .string("/krea/api/jobs/\(id.prefix(8))…/resume?…"), count: 2))
        #expect(try await metrics(status)[#"krea_fcgi_workers {"state": "reading"}"#] == 2)
        // They are held, and that is not the end yet.
        #expect(try await HTTPTestClient.get("\(status)/health/live").status == 200)
        #expect(try await HTTPTestClient.get("\(status)/health/ready").status == 200)
        withExtendedLifetime(held) {}
    }

    @Test func `a store that cannot be written makes the service not ready`() async throws {
        let (stack, status) = try await stack()
        #expect(try await HTTPTestClient.get("\(status)/health/ready").status == 200)
        let holder = try StoreHolder(stack.folder.file("jobs.sqlite"))
        var ready = try await HTTPTestClient.get("\(status)/health/ready")
        while ready.status == 200 { ready = try await HTTPTestClient.get("\(status)/health/ready") }
        #expect(ready.status == 503)
        #expect(ready.body.hasPrefix("The store "))
        #expect(try await HTTPTestClient.get("\(stack.base)/health").status == 200)
        try holder.release()
        while ready.status != 200 { ready = try await HTTPTestClient.get("\(status)/health/ready") }
    }

    @Test func `of two processes with one address one serves the status, and the other once that has gone`() async throws {
        let (stack, status) = try await stack()
        let variables = ["KREA_FCGI_STATUS_LISTEN": String(status.dropFirst("http://".count))]
        let second = try Stack.serve(stack.folder, name: "second", krea: stack.krea, token: "simulator", variables)
        try await second.line { $0.contains("This process does not serve the status for now.") }
        try await second.line { $0.contains("Standing by: another process dispatches") }
        #expect(try await HTTPTestClient.get("\(status)/status?json").json["role"] == "dispatcher")
        stack.service.signal(SIGKILL)
        try await second.line { $0.contains("Serving the status.") }
        #expect(try await HTTPTestClient.get("\(status)/health/live").status == 200)
    }

    @Test func `no address for others is taken, and a Unix socket is`() async throws {
        let folder = try TemporaryFolder()
        let refused = try Stack.serve(folder, krea: "http://127.0.0.1:1", token: nil, ["KREA_FCGI_STATUS_LISTEN": "0.0.0.0:9900"])
        #expect(try await refused.exitStatus() != 0)
        #expect(await refused.allLines().contains { $0.contains("KREA_FCGI_STATUS_LISTEN is \"0.0.0.0:9900\"") })
        let path = folder.file("status.sock")
        let service = try Stack.serve(folder, krea: "http://127.0.0.1:1", token: nil, ["KREA_FCGI_STATUS_LISTEN": "unix:\(path)"])
        try await service.line { $0.contains("Serving the status") }
        let answer = try await onThread {
            try FastCGIClient(.unix(path: path)).ask("GET /status?json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        }
        let body = answer.components(separatedBy: "\r\n\r\n").last ?? ""
        #expect(try JSONDecoder().decode(JSONValue.self, from: Data(body.utf8)).members?["role"] == "without_token")
    }
}
