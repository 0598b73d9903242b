import Foundation
import Glibc
import Jobs
import TestSupport
import Testing

/// The service under those who hold its socket, started as the README has it.
@Suite(.timeLimit(.minutes(5))) struct LauncherTests {
    @Test func `under spawn-fcgi a job has its picture, and the socket stays when the service ends`() async throws {
        let stack = try await Stack(launcher: .spawnFCGI)
        let id = try await stack.send("a lighthouse")
        #expect(try await stack.finished(id)["status"] == "completed")
        var file = stat()
        #expect(stat(stack.folder.file("krea-fcgi.sock"), &file) == 0)
        #expect(file.st_mode & 0o777 == 0o660)
        stack.service.signal(SIGTERM)
        #expect(try await stack.service.exitStatus() == 0)
        #expect(access(stack.folder.file("krea-fcgi.sock"), F_OK) == 0)
    }

    @Test func `under multiwatch two services share the socket, a killed one is replaced, and each job has its picture once`()
        async throws
    {
        let stack = try await Stack(launcher: .multiwatch(2))
        try await starts(2, of: stack.service)
        let services = try stack.service.children
        #expect(services.count == 2)
        var ids: [String] = []
        for (index, service) in services.enumerated() {
            for _ in 0..<3 { ids.append(try await stack.send("picture \(ids.count)")) }
            kill(service, SIGKILL)
            try await starts(3 + index, of: stack.service)
        }
        for id in ids { #expect(try await stack.finished(id)["status"] == "completed") }
        #expect(try stack.service.children.count == 2)
        let created = try stack.kreaCalls().filter { $0.isSubmission && $0.kreaID != nil }.compactMap(\.prompt)
        #expect(created.sorted() == (0..<6).map { "picture \($0)" })
        #expect(try stack.kreaCalls().brokenRules(Stack.rules).isEmpty)
        let audit = try await stack.command("audit")
        #expect(audit.status == 0, "\(audit.lines)")

        let ended = try stack.service.children
        stack.service.signal(SIGTERM)
        _ = try await stack.service.exitStatus()
        // What it was told it told its services, and they have ended by themselves.
        for service in ended { #expect(kill(service, 0) != 0) }
        #expect(stack.service.lines.count { $0.contains("No longer dispatching") } >= 1)
    }

    /// Waits until so many services have begun to serve.
    private func starts(_ count: Int, of program: ChildProcess) async throws {
        var known = 0
        for _ in 0..<count {
            try await program.line(after: known) { $0.contains("Serving FastCGI") }
            known += 1 + (program.lines.dropFirst(known).prefix { !$0.contains("Serving FastCGI") }).count
        }
    }
}
