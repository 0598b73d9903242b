import Digests
import Foundation
import Glibc
import Jobs
import TestSupport
import Testing

/// Sentences of the README's chapter on security that no other suite is about.
@Suite(.timeLimit(.minutes(5))) struct SecurityTests {
    private static let token = "s3cret-token-of-the-operator"
    private static let key = "s3cret-key-of-a-program"

    /// A stack with a token and a key, and a finished job of the key's owner.
    private func stack() async throws -> (Stack, id: String) {
        let keys = try TemporaryFolder()
        let digest = SHA256.hash(Self.key.utf8).map { String(256 + Int($0), radix: 16).dropFirst() }.joined()
        try "shop:\(digest)\n".write(toFile: keys.file("keys"), atomically: true, encoding: .utf8)
        let stack = try await Stack(
            token: Self.token, simulator: ["--run-seconds", "0", "--token", Self.token],
            environment: ["KREA_FCGI_API_KEYS_FILE": keys.file("keys")])
        let sent = try await HTTPTestClient.post(
            "\(stack.base)/api/jobs", json: #"{"prompt": "zanzibar"}"#, [("Authorization", "Bearer \(Self.key)")])
        let id = try #require(try sent.json["job_id"]?.text)
        _ = try await stack.finished(id)
        return (stack, id)
    }

    @Test func `store and backup have prompts and a key's name, but neither token nor key, and are for their user alone`() async throws {
        let (stack, id) = try await stack()
        let backup = stack.folder.file("backup.sqlite")
        #expect(try await stack.command("backup", backup).status == 0)
        var bytes = Data()
        for path in [stack.folder.file("jobs.sqlite"), stack.folder.file("jobs.sqlite-wal"), backup] {
            var status = stat()
            #expect(stat(path, &status) == 0, "\(path)")
            #expect(status.st_mode & 0o077 == 0, "\(path)")
            bytes += try Data(contentsOf: URL(filePath: path))
        }
        for text in ["zanzibar", "key:shop", id] { #expect(bytes.firstRange(of: Data(text.utf8)) != nil, "\(text)") }
        for secret in [Self.token, Self.key] { #expect(bytes.firstRange(of: Data(secret.utf8)) == nil) }
    }

    @Test func `the token is in no page, answer, error or process title`() async throws {
        let (stack, id) = try await stack()
        let paths = [
            "/", "/mine", "/health", "/jobs/\(id)", "/jobs/\(id).txt", "/api/jobs/\(id)", "/api/models", "/api/openapi.json", "/nothing",
            "/api/nothing", "/api/jobs?limit=0", "/%",
        ]
        for path in paths {
            let answer = try await HTTPTestClient.get(stack.base + path, [("Authorization", "Bearer \(Self.token)")])
            #expect(!answer.body.contains(Self.token), "\(path)")
        }
        let wrong = try await HTTPTestClient.post("\(stack.base)/", form: ["prompt": "x", "width": "x"])
        #expect(wrong.status == 422)
        #expect(!wrong.body.contains(Self.token))
        for command in [["check-config"], ["jobs"], ["models"], ["audit"]] {
            let program = stack.begin(command)
            _ = try await program.exitStatus()
            let lines = await program.allLines()
            #expect(!lines.isEmpty, "\(command)")
            #expect(!lines.contains { $0.contains(Self.token) }, "\(command)")
        }
        let process = try #require(stack.service.process)
        for file in ["cmdline", "comm"] {
            let title = try String(contentsOfFile: "/proc/\(process)/\(file)", encoding: .utf8)
            #expect(title.contains("krea-fcgi"))
            #expect(!title.contains(Self.token))
        }
    }

    @Test func `addresses of pictures that a visitor gives are handed to Krea, and never fetched`() async throws {
        let port = try Stack.freePort()
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(listener) }
        #expect(Loopback.at(port) { bind(listener, $0, $1) } == 0)
        #expect(listen(listener, 8) == 0)
        let stack = try await Stack(keepsPictures: true)
        let address = "https://127.0.0.1:\(port)/sketch.png"
        let id = try await stack.send("a lighthouse", ["model": "flux", "image_urls": .array([.string(address)])])
        #expect(try await stack.finished(id)["status"] == "completed")
        try await stack.service.line { $0.contains("Kept a copy") && $0.contains(id) }
        #expect(accept(listener, nil, nil) == -1)
        #expect(errno == EAGAIN)
    }

    @Test func `the operator's commands print nothing that steers a terminal`() async throws {
        let stack = try await Stack()
        let words = "back at\u{1B}[2J \u{202E}noon"
        #expect(try await stack.command("pause", words).status == 0)
        let jobs = try await stack.command("jobs").lines
        #expect(jobs.first?.hasSuffix(#"back at\u{1b}[2J \u{202e}noon"#) == true, "\(jobs)")
        let wrong = try await stack.command("jobs", "--state", "\u{1B}[31mx")
        #expect(wrong.status != 0, "\(wrong.lines)")
        #expect(!wrong.lines.isEmpty, "\(wrong.lines)")
        #expect(!wrong.lines.contains { $0.contains("\u{1B}") }, "\(wrong.lines)")
        // Help has its lines still, and goes to standard output.
        let help = try await stack.command("--help")
        #expect(help.status == 0)
        #expect(help.lines.count > 10)
    }
}
