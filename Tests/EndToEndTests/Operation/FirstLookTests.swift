import Foundation
import Glibc
import TestSupport
import Testing

/// `nginx/serve.sh`, with the programs of this build in place of a compiler.
@Suite(.timeLimit(.minutes(5))) struct FirstLookTests {
    /// A signal for the script alone; SIGINT also when it was ignored, as a shell without job control starts what runs in the background.
    @Test(arguments: [(SIGINT, "trap '' INT;"), (SIGINT, ""), (SIGTERM, ""), (SIGHUP, ""), (SIGKILL, "")])
    func `whatever signal stops the script, all that it has started ends too`(signal: Int32, beginning: String) async throws {
        let folder = try Self.folder(build: "true")
        let port = try Stack.freePort()
        let script = Self.script(in: folder, port: port, beginning)
        try await script.line { $0.hasPrefix("krea-fcgi is at  http://127.0.0.1:\(port)/krea/") }
        #expect(try await HTTPTestClient.get("http://127.0.0.1:\(port)/krea/health").status == 200)
        let started = try script.children
        #expect(started.count >= 3)
        script.signal(signal)
        #expect(try await script.exitStatus() == (signal == SIGKILL ? SIGKILL : 0))
        // All of them hold the pipe: its end is theirs.
        let last = await script.allLines().last
        #expect(signal == SIGKILL || last == "Stopped.")
        #expect(signal == SIGKILL || started.allSatisfy { kill($0, 0) != 0 })
    }

    @Test func `a signal does not wait for the build, which ends too`() async throws {
        let folder = try Self.folder(build: "echo '[1/9] Compiling' && exec sleep 600")
        let script = Self.script(in: folder, port: try Stack.freePort())
        try await script.line { $0.hasPrefix("Building") }
        script.signal(SIGTERM)
        #expect(try await script.exitStatus() == 0)
        #expect(await script.allLines().last == "Stopped.")
    }

    @Test func `a build that fails says what the compiler said`() async throws {
        let folder = try Self.folder(build: "echo '[1/9] Compiling' && echo 'error: no such thing' && exit 1")
        let script = Self.script(in: folder, port: try Stack.freePort())
        #expect(try await script.exitStatus() == 1)
        #expect(await script.allLines().contains("error: no such thing"))
        #expect(!script.lines.contains { $0.contains("Compiling") })
    }

    /// A folder for a script with a `swift` that builds by this command.
    private static func folder(build: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        // The script's programs run as the web server's user.
        guard chmod(folder.path, 0o755) == 0 else { throw CocoaError(.fileWriteNoPermission) }
        let products = Stack.product("krea-fcgi").deletingLastPathComponent().path
        try """
        #!/bin/sh
        case "$*" in *--show-bin-path) echo '\(products)' ;; *) \(build) ;; esac
        """.write(toFile: folder.file("swift"), atomically: false, encoding: .utf8)
        guard chmod(folder.file("swift"), 0o755) == 0 else { throw CocoaError(.fileWriteNoPermission) }
        return folder
    }

    private static func script(in folder: TemporaryFolder, port: Int, _ beginning: String = "") -> ChildProcess {
        ChildProcess(
            URL(filePath: "/bin/sh"), ["-c", "\(beginning) exec \"$0\"", Stack.repository.appending(path: "nginx/serve.sh").path],
            environment: [
                "PATH": "\(folder.path):/usr/sbin:/usr/bin:/sbin:/bin", "XDG_STATE_HOME": folder.path, "KREA_FCGI_PORT": "\(port)",
            ])
    }
}
