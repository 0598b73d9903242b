import Foundation
import TestSupport
import Testing

/// Requests that nobody here has made up: Schemathesis derives them from the OpenAPI document, right ones and wrong ones, and checks the answers.
@Suite(.timeLimit(.minutes(10))) struct SchemathesisTests {
    @Test func `the service does what its document says, whatever is asked`() async throws {
        let limit = "1000000"
        let stack = try await Stack(
            environment: ["KREA_FCGI_QUEUE_LIMIT": limit, "KREA_FCGI_QUEUE_LIMIT_PER_CLIENT": limit, "KREA_FCGI_THREADS": "16"])
        let folder = Stack.repository.appending(path: "Tests/Tools/schemathesis")
        // It keeps what it has found in the folder where it is started.
        let script = """
            cd "$1" && exec "$2/.build/schemathesis/bin/st" --config-file "$3/schemathesis.toml" run "$4/api/openapi.json"
            """
        let program = ChildProcess(
            URL(filePath: "/bin/sh"),
            ["-c", script, "sh", stack.folder.path, Stack.repository.path, folder.path, stack.base],
            environment: [
                "SCHEMATHESIS_HOOKS": folder.appending(path: "hooks.py").path, "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8",
            ])
        let status = try await program.exitStatus()
        let lines = await program.allLines()
        #expect(status == 0, "\(lines.joined(separator: "\n"))")
        #expect(lines.contains { $0.contains(" generated") }, "\(lines.suffix(20).joined(separator: "\n"))")
    }
}
