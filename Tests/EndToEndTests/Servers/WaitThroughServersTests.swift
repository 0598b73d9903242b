import Foundation
import Glibc
import Jobs
import TestSupport
import Testing

/// Clients that wait for news of a job, through every web server that there is a recipe for.
@Suite(.timeLimit(.minutes(5))) struct WaitThroughServersTests {
    /// A stack whose queue stands still behind its first job, and where its status is.
    private func stack(
        behind server: WebServer = .nginx, keepsAnswers: Bool = false, edits: [String: String] = [:]
    ) async throws -> (Stack, status: String) {
        let port = try Stack.freePort()
        let stack = try await Stack(
            environment: ["KREA_FCGI_SUBMIT_INTERVAL_SECONDS": "3600", "KREA_FCGI_STATUS_LISTEN": "127.0.0.1:\(port)"], behind: server,
            keepsAnswers: keepsAnswers, edits: edits)
        _ = try await stack.send("first")
        return (stack, "http://127.0.0.1:\(port)")
    }

    /// Waits until so many requests are held.
    private func held(_ count: Int, _ status: String) async throws {
        while try await HTTPTestClient.get("\(status)/status?json").json["fastcgi"]?["held_requests"] != .number(Double(count)) {
            try Task.checkCancellation()
        }
    }

    /// A client of its own that asks for `path`, and may leave.
    private func client(_ stack: Stack, _ path: String, _ fields: String = "") throws -> SlowClient {
        let client = try SlowClient(stack.origin)
        try client.send("GET \(path) HTTP/1.1\r\nHost: \(stack.origin.dropFirst("http://".count))\r\n\(fields)\r\n".utf8)
        return client
    }

    @Test(arguments: WebServer.allCases)
    func `one call brings the picture, events bring each change, and a script its line`(server: WebServer) async throws {
        let stack = try await Stack(simulator: ["--run-seconds", "1"], behind: server)
        let made = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "one"}"#, [("Prefer", "wait=55")])
        #expect(made.status == 200 && made["Preference-Applied"] == "wait=55", "\(made.body)")
        #expect(try made.json["result"]?["urls"]?.elements?.count == 1)
        let krea = try await HTTPTestClient.post(
            "\(stack.base)/api/generate/image/bfl/flux-1-dev?wait=55", json: #"{"prompt": "two"}"#)
        #expect(try krea.status == 200 && krea.json["status"] == "completed")

        let id = try await stack.send("three")
        let text = try await HTTPTestClient.beginning(of: "\(stack.base)/api/jobs/\(id)/events") { _ in false }
        let events = text.split(separator: "\n\n")
        // How many states it sees depends on how busy the machine is; JobEventsTests has each change.
        #expect(events.first?.hasPrefix("retry: ") == true, "\(text)")
        #expect(events.last?.contains(#""state":"completed""#) == true)
        let latest = events.last?.split(separator: "\n").first?.dropFirst("id: ".count) ?? ""
        let done = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)/events", [("Last-Event-ID", String(latest))])
        #expect(done.status == 204)

        let other = try await stack.send("four")
        let line = try await HTTPTestClient.get("\(stack.base)/jobs/\(other).txt?wait=50")
        #expect(line.body.hasPrefix("Generated with ") && line.body.split(separator: "\n").count == 2)
    }

    @Test(arguments: WebServer.allCases)
    func `the recipe's time-out is what bounds a wait, and is longer than any`(server: WebServer) async throws {
        let (text, seconds) = server.readTimeout
        #expect(seconds >= 75)
        let (stack, _) = try await stack(behind: server, edits: [text: text.replacing("\(seconds)", with: "1")])
        let id = try await stack.send("second")
        let answer = try SlowClient(stack.origin)
        try answer.send(
            "GET /krea/api/jobs/\(id)?wait=55 HTTP/1.1\r\nHost: \(stack.origin.dropFirst("http://".count))\r\n\r\n".utf8)
        let line = try await answer.statusLine()
        #expect([" 500", " 502", " 503", " 504"].contains { line.contains($0) }, "\(line)")
    }

    @Test(arguments: WebServer.allCases)
    func `an answer that is waited for comes with the change`(server: WebServer) async throws {
        let (stack, status) = try await stack(behind: server)
        let id = try await stack.send("second")
        let job = "\(stack.base)/api/jobs/\(id)"
        async let end = HTTPTestClient.get("\(job)?wait=25")
        try await held(1, status)
        #expect(try await HTTPTestClient.request("DELETE", job).status == 200)
        let answer = try await end
        #expect(try answer.json["state"] == "cancelled")
        try await held(0, status)
    }

    @Test(arguments: ["", "Prefer: wait=55\r\n"])
    func `the request of a client that leaves nginx is gone within a second`(preference: String) async throws {
        let (stack, status) = try await stack(keepsAnswers: true)
        let id = try await stack.send("second")
        let path = "/krea/api/jobs/\(id)\(preference.isEmpty ? "/events" : "")"
        // The cache has the answer to who does not wait.
        #expect(try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)").status == 200)
        var watcher: SlowClient? = try client(stack, path, preference)
        try await held(1, status)
        let left = ContinuousClock.now
        withExtendedLifetime(watcher) {}
        watcher = nil
        try await held(0, status)
        #expect(left.duration(to: .now) < .seconds(10))
    }

    @Test func `nginx does not answer from its cache who waits, and keeps no answer that was waited for`() async throws {
        let (stack, status) = try await stack(keepsAnswers: true)
        let id = try await stack.send("second")
        let job = "\(stack.base)/api/jobs/\(id)"
        let tag = try #require(try await HTTPTestClient.get(job)["ETag"])
        async let change = HTTPTestClient.get(job, [("Prefer", "wait=25"), ("If-None-Match", tag)])
        async let end = HTTPTestClient.get("\(job)?wait=25")
        try await held(2, status)
        #expect(try await HTTPTestClient.request("DELETE", job).status == 200)
        let (news, last) = try await (change, end)
        #expect(try news.status == 200 && news.json["state"] == "cancelled")
        #expect(try last.json["state"] == "cancelled")
        let kept = FileManager.default.enumerator(atPath: stack.folder.file("cache"))?.compactMap { $0 as? String } ?? []
        for name in kept {
            guard let data = FileManager.default.contents(atPath: stack.folder.file("cache/\(name)")) else { continue }
            #expect(!String(decoding: data, as: UTF8.self).contains("Preference-Applied"), "\(name)")
        }
    }

    @Test func `who waits while nginx is reloaded gets the answer, and who comes then too`() async throws {
        let (stack, status) = try await stack()
        let id = try await stack.send("second")
        let job = "\(stack.base)/api/jobs/\(id)"
        async let before = HTTPTestClient.get("\(job)?wait=25")
        try await held(1, status)
        let workers = try stack.web.children
        stack.web.signal(SIGHUP)
        while try Set(stack.web.children).subtracting(workers).isEmpty { try Task.checkCancellation() }
        async let after = HTTPTestClient.get("\(job)?wait=25")
        try await held(2, status)
        #expect(try await HTTPTestClient.request("DELETE", job).status == 200)
        for answer in try await [before, after] { #expect(try answer.json["state"] == "cancelled") }
        try await held(0, status)
    }

    @Test func `when the service stops who waits is told the state of now`() async throws {
        let (stack, status) = try await stack()
        async let made = HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "second"}"#, [("Prefer", "wait=25")])
        try await held(1, status)
        stack.service.signal(SIGTERM)
        let answer = try await made
        #expect(try answer.status == 202 && answer.json["state"] == "waiting")
        #expect(try await stack.service.exitStatus() == 0)
    }

    @Test(arguments: ["0", "56", "x"])
    func `a wait that cannot be is refused with the bounds`(value: String) async throws {
        let stack = try await Stack()
        for (query, fields) in [("?wait=\(value)", []), ("", [("Prefer", "wait=\(value)")])] {
            let answer = try await HTTPTestClient.post("\(stack.base)/api/jobs\(query)", json: #"{"prompt": "one"}"#, fields)
            #expect(answer.status == 400 && answer.body.contains("from 1 to 55"), "\(answer.body)")
        }
        #expect(try await HTTPTestClient.get("\(stack.base)/api/jobs").json["items"] == [])
    }
}

extension WebServer {
    /// Where the recipe says how long the server waits for the service, and the seconds.
    fileprivate var readTimeout: (text: String, seconds: Int) {
        switch self {
        case .nginx: ("fastcgi_read_timeout 75s", 75)
        case .apache: ("timeout=75", 75)
        case .lighttpd: (#""read-timeout" => 75"#, 75)
        case .caddy: ("read_timeout 150s", 150)
        }
    }
}
