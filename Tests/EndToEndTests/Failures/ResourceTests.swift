import Foundation
import Glibc
import Jobs
import TestSupport
import Testing

/// A real service that is short of something, or is sent something that it has no use for.
@Suite(.timeLimit(.minutes(5))) struct ResourceTests {
    @Test func `while connections take what descriptors they may have polls go on, and then requests are answered again`() async throws {
        let stack = try await Stack(
            environment: ["KREA_FCGI_THREADS": "2", "KREA_FCGI_MAX_POLLS": "1000000"], launcher: .descriptors(160))
        _ = try await stack.send("a lighthouse [[stuck]]")
        let socket = FastCGIClient.Target.unix(path: stack.folder.file("krea-fcgi.sock"))
        let burst = try await onThread {
            try (0..<300).map { _ in
                let client = try FastCGIClient(socket)
                try client.send(.begin())
                return client
            }
        }
        try await stack.service.line { $0.contains("There are as many connections as there may be") && $0.contains("connections=80") }
        let before = try stack.kreaCalls().count
        while try stack.kreaCalls().count < before + 3 { try Task.checkCancellation() }
        for client in burst { client.finishSending() }
        #expect(try await HTTPTestClient.get("\(stack.base)/health").status == 200)
        #expect(try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "a lighthouse"}"#).status == 202)
        #expect(!stack.service.lines.contains { $0.contains("No connection can be accepted for now.") })
    }

    @Test func `while nothing reads the log requests are answered and jobs go on, and the service ends`() async throws {
        let stack = try await Stack(environment: ["KREA_FCGI_LOG_LEVEL": "trace"], launcher: .relayedLog)
        let relay = try #require(
            pid_t(String(contentsOfFile: stack.folder.file("relay"), encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
        kill(relay, SIGSTOP)
        defer { kill(relay, SIGKILL) }
        // Many times what a pipe holds.
        for _ in 0..<1500 { #expect(try await HTTPTestClient.get("\(stack.base)/health").status == 200) }
        let id = try await stack.send("a lighthouse")
        var job = JSONValue.null
        repeat { job = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)").json } while job["status"] != "completed"
        stack.service.signal(SIGTERM)
        kill(relay, SIGCONT)
        #expect(try await stack.service.exitStatus() == 0)
        #expect(await stack.service.allLines().contains { $0.contains("Stopped.") })
    }

    @Test func `signals that mean nothing to the service do nothing`() async throws {
        let stack = try await Stack()
        let ignored = [SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSTKFLT, SIGXFSZ, SIGWINCH, SIGURG]
        for signal in ignored + [34, 50, 64] {
            stack.service.signal(signal)
            #expect(try await HTTPTestClient.get("\(stack.base)/health").status == 200, "after signal \(signal)")
        }
        #expect(stack.service.isRunning)
    }
}
