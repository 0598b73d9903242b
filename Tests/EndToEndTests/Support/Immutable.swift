import Foundation
import Glibc
import TestSupport

/// Files that the kernel lets nobody write, root and those who have them open included, as on a disk that has become read-only.
enum Immutable {
    /// Whether the disk of temporary files knows that.
    static func isPossible() async throws -> Bool {
        let folder = try TemporaryFolder()
        let descriptor = open(folder.file("probe"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        return (try? await during([folder.file("probe")]) { write(descriptor, "x", 1) < 0 }) ?? false
    }

    /// Does something while nobody can write these files.
    static func during<Result>(_ files: [String], _ body: () async throws -> Result) async throws -> Result {
        try await change("+i", files)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        try await change("-i", files)
        return try result.get()
    }

    private static func change(_ attribute: String, _ files: [String]) async throws {
        let program = ChildProcess(URL(filePath: "/usr/bin/chattr"), [attribute] + files)
        // Also when the test was cancelled: nobody could remove the files any more.
        let status = try await Task { try await program.exitStatus() }.value
        guard status == 0 else { throw ProgramEnded(lines: program.lines) }
    }
}
