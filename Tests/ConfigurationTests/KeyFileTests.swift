import Foundation
import Glibc
import Jobs
import Logging
import Synchronization
import TestSupport
import Testing

@testable import krea_fcgi

/// The file of the keys: what is taken, what stops the start, and what a change does to a service that runs.
@Suite struct KeyFileTests {
    private let folder: TemporaryFolder
    private let path: String
    private let log = LogRecorder()

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("keys")
    }

    /// Of the key `secret`.
    private static let hash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"

    private func write(_ text: String, mode: Int = 0o640) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private func open() throws -> KeyFile {
        try KeyFile(path: path, logger: log.logger)
    }

    @Test func `the name of a key becomes the owner`() throws {
        try write("ann:\(Self.hash)\n")
        #expect(try open().owner(of: "secret") == Client(key: "key:ann"))
        #expect(try open().owner(of: "other") == nil)
    }

    @Test(
        arguments: [
            ("ann:\(hash)", 0o660, "may be written by others than its owner: run chmod go-w on it."),
            ("ann:\(hash)", 0o602, "may be written by others than its owner: run chmod go-w on it."),
            (
                "# keys\nann:secret", 0o600,
                "line 2 is not a name of 1 to 64 letters, digits, \".\", \"_\", \"-\" or \"@\", a colon and the SHA-256 of a key in 64 hex "
                    + "digits."
            ),
            (
                "ann:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0o600,
                "line 1 has the SHA-256 of nothing: what should have made the key has failed."
            ),
            (String(repeating: "#", count: (1 << 20) + 1), 0o600, "cannot be read, or is larger than 1 MiB."),
        ])
    func `a file that is not as it should be stops the start with one sentence that shows no key`(
        text: String, mode: Int, problem: String
    ) throws {
        try write(text, mode: mode)
        let error = try #require(throws: UnusableKeyFile.self) { try open() }
        #expect(error.description == "KREA_FCGI_API_KEYS_FILE \"\(path)\" \(problem)")
    }

    @Test func `what is no file at all stops the start`() throws {
        let sentence = "KREA_FCGI_API_KEYS_FILE \"\(path)\""
        #expect(
            try #require(throws: UnusableKeyFile.self) { try open() }.description
                == "\(sentence) cannot be read: No such file or directory.")
        #expect(mkfifo(path, 0o600) == 0)
        #expect(try #require(throws: UnusableKeyFile.self) { try open() }.description == "\(sentence) is not a file.")
        try FileManager.default.removeItem(atPath: path)
        try Data([0x23, 0xFF]).write(to: URL(filePath: path))
        #expect(try #require(throws: UnusableKeyFile.self) { try open() }.description == "\(sentence) is not UTF-8.")
    }

    @Test func `the manual's own lines write a key that is taken, and nothing where openssl is missing`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let lines = try String(contentsOf: root.appending(path: "Sources/Web/Web.docc/KreaPrograms.md"), encoding: .utf8).split(
            separator: "\n")
        let start = try #require(lines.firstIndex { $0.contains("KEY=\"$(openssl rand") })
        let recipe = lines[start...].prefix { $0.hasPrefix("    ") }.joined(separator: "\n").replacing("/etc/krea-fcgi/keys", with: path)
        try #require(recipe.contains("shop:") && recipe.contains(path))
        func run(_ commands: [String]) throws -> Int32 {
            let programs = folder.file("programs-\(commands.count)")
            try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: false)
            for command in commands {
                try FileManager.default.createSymbolicLink(atPath: "\(programs)/\(command)", withDestinationPath: "/usr/bin/\(command)")
            }
            let shell = Process()
            shell.executableURL = URL(filePath: "/bin/sh")
            shell.arguments = ["-c", recipe]
            shell.environment = ["PATH": programs]
            shell.standardError = FileHandle.nullDevice
            try shell.run()
            shell.waitUntilExit()
            return shell.terminationStatus
        }
        #expect(try run(["sha256sum", "cut"]) != 0)
        #expect(((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").isEmpty)
        #expect(try run(["openssl", "sha256sum", "cut"]) == 0)
        #expect(try String(contentsOfFile: path, encoding: .utf8).wholeMatch(of: /shop:[0-9a-f]{64}\n/) != nil)
        #expect(try open().owner(of: "") == nil)
    }

    @Test func `a key comes and goes without a restart`() throws {
        try write("# none yet\n")
        let keys = try open()
        #expect(keys.owner(of: "secret") == nil)
        try write("ann:\(Self.hash)\n")
        #expect(keys.owner(of: "secret") == Client(key: "key:ann"))
        #expect(keys.owner(of: "secret") == Client(key: "key:ann"))
        #expect(log.lines == ["notice The keys were read again"])
        try write("")
        #expect(keys.owner(of: "secret") == nil)
    }

    @Test func `a version that is broken leaves the last good one, is logged once, and is replaced by the next good one`() throws {
        try write("ann:\(Self.hash)\n")
        let keys = try open()
        try write("ben:\(Self.hash)\nsecret\n")
        for _ in 1...3 { #expect(keys.owner(of: "secret") == Client(key: "key:ann")) }
        #expect(log.lines.count == 1)
        #expect(log.lines[0].hasPrefix("error KREA_FCGI_API_KEYS_FILE \"\(path)\" line 2 is not a name"))
        #expect(!log.lines[0].contains("secret"))
        try FileManager.default.removeItem(atPath: path)
        for _ in 1...3 { #expect(keys.owner(of: "secret") == Client(key: "key:ann")) }
        #expect(log.lines.count == 2)
        try write("ben:\(Self.hash)\n")
        #expect(keys.owner(of: "secret") == Client(key: "key:ben"))
    }

    @Test func `a file whose rights alone have changed is not trusted any more, and what it said before goes on to hold`() throws {
        try write("ann:\(Self.hash)\n")
        let keys = try open()
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
        #expect(keys.owner(of: "secret") == Client(key: "key:ann"))
        #expect(log.lines.count == 1)
    }
}
