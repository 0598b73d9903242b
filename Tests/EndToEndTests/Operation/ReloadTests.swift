import Foundation
import Glibc
import Jobs
import TestSupport
import Testing

/// A running service whose configuration file changes.
@Suite(.timeLimit(.minutes(5))) struct ReloadTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ lines: [String]) throws {
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: folder.file("krea-fcgi.conf")))
        chmod(folder.file("krea-fcgi.conf"), 0o600)
    }

    private func stack(_ lines: [String], token: String? = nil, simulator: [String] = ["--run-seconds", "0"]) async throws -> Stack {
        try write(lines)
        return try await Stack(
            token: token, simulator: simulator,
            environment: ["KREA_FCGI_CONFIG": folder.file("krea-fcgi.conf"), "KREA_FCGI_QUEUE_LIMIT_PER_CLIENT": ""])
    }

    /// Tells the service to read its configuration again, and waits until it has.
    private func reload(_ stack: Stack) async throws -> String {
        let known = stack.service.lines.count
        stack.service.signal(SIGHUP)
        return try await stack.service.line(after: known) { $0.contains("configuration") }
    }

    private func send(_ stack: Stack) async throws -> HTTPTestClient.Answer {
        try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "a lighthouse"}"#)
    }

    @Test func `a token that comes counts from then on, and so does one that takes another's place`() async throws {
        let stack = try await stack([], simulator: ["--run-seconds", "0", "--token", "the-right-one"])
        #expect(try await send(stack).status == 503)
        try write(["KREA_API_TOKEN = a-wrong-one"])
        #expect(try await reload(stack).contains("changed=KREA_API_TOKEN"))
        let refused = try await send(stack)
        #expect(refused.status == 202)
        let first = try await stack.finished(try #require(try refused.json["job_id"]?.text))
        #expect(first["error"]?["code"] == "unauthorized")
        // The refusal holds the queue; another token lets it go on.
        let waiting = try await send(stack)
        try write(["KREA_API_TOKEN = the-right-one"])
        #expect(try await reload(stack).contains("changed=KREA_API_TOKEN"))
        #expect(try await stack.finished(try #require(try waiting.json["job_id"]?.text))["status"] == "completed")
        // Without one again nothing is taken.
        try write([])
        _ = try await reload(stack)
        #expect(try await send(stack).status == 503)
        #expect(!stack.service.lines.contains { $0.contains("the-right-one") || $0.contains("a-wrong-one") })
    }

    @Test func `a SIGHUP at the first moment, while the service still starts, is obeyed once it serves`() async throws {
        let environment = ["KREA_FCGI_LISTEN": "unix:" + folder.file("s.sock"), "KREA_FCGI_STORE": folder.file("jobs.sqlite")]
        for _ in 1...5 {
            let service = ChildProcess(Stack.product("krea-fcgi"), ["serve"], environment: environment)
            try await service.line { $0.contains("Starting.") }
            service.signal(SIGHUP)
            try await service.line { $0.contains("The configuration was read again.") }
            #expect(service.isRunning)
            service.signal(SIGTERM)
            #expect(try await service.exitStatus() == 0)
        }
    }

    @Test func `limits and the log change, and what needs a restart is named`() async throws {
        let stack = try await stack(["KREA_FCGI_LOG_LEVEL = info"], token: "simulator")
        try write([
            "KREA_FCGI_LOG_LEVEL = debug", "KREA_FCGI_LOG_FORMAT = json", "KREA_FCGI_QUEUE_LIMIT_PER_CLIENT = 1", "KREA_FCGI_THREADS = 3",
        ])
        #expect(
            try await reload(stack).contains("\"changed\":\"KREA_FCGI_QUEUE_LIMIT_PER_CLIENT KREA_FCGI_LOG_LEVEL KREA_FCGI_LOG_FORMAT\""))
        try await stack.service.line { $0.contains("KREA_FCGI_THREADS has changed; the change takes effect after a restart.") }
        var answer = try await send(stack)
        while answer.status == 202 { answer = try await send(stack) }
        #expect(answer.status == 429)
        try await stack.service.line { $0.contains("\"message\":\"Answered a request.\"") }
    }

    @Test func `a new configuration that is wrong is not used, and the old one stays in force`() async throws {
        let stack = try await stack(["KREA_API_TOKEN = simulator"])
        try write(["KREA_API_TOKEN = another", "KREA_FCGI_LOG_LEVEL = loud"])
        let line = try await reload(stack)
        #expect(line.contains("The new configuration cannot be used"))
        #expect(line.contains("KREA_FCGI_LOG_LEVEL is"))
        #expect(line.contains("krea-fcgi.conf:2"))
        let accepted = try await send(stack)
        #expect(try await stack.finished(try #require(try accepted.json["job_id"]?.text))["status"] == "completed")
    }

    @Test func `the check of the configuration exits with 1 when something is wrong, and says what`() async throws {
        let stack = try await Stack()
        let good = try await stack.command("check-config", "--online")
        #expect(good.status == 0, "\(good.lines)")
        #expect(good.lines.contains("Krea was asked once, for the latest job: it accepts the token."))
        #expect(good.lines.contains { $0.hasPrefix("KREA_FCGI_STORE = ") })
        #expect(!good.lines.contains { $0.contains("simulator") && !$0.contains("another host is for the simulator") })
        #expect(try stack.kreaCalls().contains { $0.method == "GET" && $0.path == "/jobs?limit=1" })
        let audit = try await stack.command("audit")
        #expect(audit.status == 0, "\(audit.lines)")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: stack.folder.file("jobs.sqlite"))
        let quiet = try await stack.command("check-config", "--quiet")
        #expect(quiet.status == 0)
        #expect(quiet.lines.allSatisfy { $0.hasPrefix("warning: ") })
        #expect(quiet.lines.contains { $0.hasPrefix("warning: KREA_FCGI_STORE: others than the owner may open ") })
        try FileManager.default.removeItem(atPath: stack.folder.file("jobs.sqlite"))
        try FileManager.default.createDirectory(atPath: stack.folder.file("jobs.sqlite"), withIntermediateDirectories: false)
        let broken = try await stack.command("check-config", "--quiet")
        #expect(broken.status == 1)
        #expect(broken.lines.contains { $0.hasPrefix("error: KREA_FCGI_STORE: ") })
    }
}
