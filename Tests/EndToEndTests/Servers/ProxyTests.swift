import Foundation
import TestSupport
import Testing

/// The proxy that the environment names for everything that goes out.
@Suite(.timeLimit(.minutes(5))) struct ProxyTests {
    /// A `krea-fcgi check-config --online` that would call Krea itself, on a machine that names this stack's nginx as its proxy. nginx is none,
    /// and notes what it was asked for.
    private func check(_ stack: Stack, _ variables: [String: String] = [:]) async throws -> (status: Int32, lines: [String]) {
        let environment = [
            "KREA_API_TOKEN": "a-token", "KREA_FCGI_STORE": stack.folder.file("none.sqlite"), "KREA_FCGI_REQUEST_TIMEOUT_SECONDS": "5",
            "KREA_FCGI_LISTEN": "unix:" + stack.folder.file("none.sock"), "HTTPS_PROXY": stack.origin,
        ]
        let program = ChildProcess(
            Stack.product("krea-fcgi"), ["check-config", "--online"], environment: environment.merging(variables) { $1 })
        let status = try await program.exitStatus()
        return (status, await program.allLines())
    }

    private func asked(_ stack: Stack) throws -> Bool {
        try String(contentsOfFile: stack.folder.file("access.log"), encoding: .utf8).contains("CONNECT api.krea.ai:443")
    }

    @Test func `calls to Krea go through the proxy, and check-config says so`() async throws {
        let stack = try await Stack()
        let (status, lines) = try await check(stack)
        #expect(status == 1)
        #expect(
            lines.contains("proxy for calls to Krea and for pictures: \(stack.origin.dropFirst("http://".count)) (HTTPS_PROXY)"), "\(lines)"
        )
        #expect(lines.contains { $0.hasPrefix("error: Krea cannot be reached: ") }, "\(lines)")
        #expect(try asked(stack))
    }

    @Test func `a simulator is reached without the proxy`() async throws {
        let stack = try await Stack()
        let (status, lines) = try await check(stack, ["KREA_API_URL": stack.krea, "KREA_API_TOKEN": "simulator"])
        #expect(status == 0, "\(lines)")
        #expect(lines.contains("Krea was asked once, for the latest job: it accepts the token."), "\(lines)")
        #expect(try !asked(stack))
    }
}
