import Foundation
import TestSupport
import Testing

@testable import FastCGI

@Suite struct ListeningSocketTests {
    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `a Unix socket has mode 0660, listens, is closed on exec and knows its address`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.sock")
        let socket = try ListeningSocket.open(.unix(path: path))
        #expect(try mode(path) == 0o660)
        #expect(socket.address == .unix(path: path))
        #expect(ListeningSocket.isListening(descriptor: socket.descriptor))
        #expect(fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0)
        #expect(fcntl(socket.descriptor, F_GETFL) & O_NONBLOCK != 0)
        socket.close()
        socket.close()
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `the file goes with the last reference, too`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.sock")
        do { _ = try ListeningSocket.open(.unix(path: path)) }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `a left-over socket on which nobody listens is replaced, and has mode 0660 again`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.sock")
        let first = try ListeningSocket.open(.unix(path: path))
        // As after a crash: the file stays.
        try FileManager.default.moveItem(atPath: path, toPath: folder.file("kept.sock"))
        first.close()
        try FileManager.default.moveItem(atPath: folder.file("kept.sock"), toPath: path)
        chmod(path, 0o777)

        let second = try ListeningSocket.open(.unix(path: path))
        #expect(try mode(path) == 0o660)
        _ = try await onThread { try FastCGIClient(.unix(path: path)) }
        second.close()
    }

    @Test func `a socket on which somebody listens is left alone`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.sock")
        let first = try ListeningSocket.open(.unix(path: path))
        let error = #expect(throws: ListenError.self) { try ListeningSocket.open(.unix(path: path)) }
        #expect(error?.description == "Another process listens on \"\(path)\" already.")
        _ = try await onThread { try FastCGIClient(.unix(path: path)) }
        first.close()
    }

    @Test(arguments: ["file", "folder", "link"])
    func `a file that is no socket is never replaced: a file, a folder, a link`(kind: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.sock")
        switch kind {
        case "file": try Data("precious".utf8).write(to: URL(filePath: path))
        case "folder": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        default: symlink(folder.file("elsewhere"), path)
        }
        let before = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? UInt64
        let error = #expect(throws: ListenError.self) { try ListeningSocket.open(.unix(path: path)) }
        #expect(error?.description == "\"\(path)\" is there already and is no socket; it is not replaced.")
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? UInt64 == before)
    }

    @Test func `at close the file is removed only if it is the one that was made`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.sock")
        let first = try ListeningSocket.open(.unix(path: path))
        try FileManager.default.moveItem(atPath: path, toPath: folder.file("old.sock"))
        let second = try ListeningSocket.open(.unix(path: path))
        first.close()
        #expect(FileManager.default.fileExists(atPath: path))
        second.close()
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `a path that does not fit into a socket address is refused, one that just fits is not`() throws {
        let folder = try TemporaryFolder()
        let room = 107 - folder.path.utf8.count - 1
        let fitting = folder.file(String(repeating: "a", count: room))
        try ListeningSocket.open(.unix(path: fitting)).close()
        let error = #expect(throws: ListenError.self) { try ListeningSocket.open(.unix(path: fitting + "a")) }
        #expect(error?.description.contains("has 108 bytes; allowed are 1 to 107") == true)
    }

    @Test func `a folder that is not there is an error in words`() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: ListenError.self) { try ListeningSocket.open(.unix(path: folder.file("b/a.sock"))) }
        #expect(error?.description.hasSuffix("cannot be made: No such file or directory.") == true)
    }

    @Test(arguments: ["127.0.0.1", "::1"])
    func `TCP listens on loopback only, and on the port that the system chose`(host: String) throws {
        let socket = try ListeningSocket.open(.tcp(host: host, port: 0))
        guard case .tcp(host, let port) = socket.address else {
            Issue.record("\(socket.address)")
            return
        }
        #expect(port > 0)
        #expect(throws: ListenError.self) { try ListeningSocket.open(.tcp(host: host, port: port)) }
        socket.close()
    }

    @Test(arguments: ["0.0.0.0", "::", "192.0.2.1", "localhost", ""])
    func `other addresses are refused even if nobody has parsed them`(host: String) {
        #expect(throws: ListenError.self) { try ListeningSocket.open(.tcp(host: host, port: 0)) }
    }

    @Test func `an inherited socket is used as it is, and its file is not removed`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.sock")
        let original = try ListeningSocket.open(.unix(path: path))
        let inherited = try ListeningSocket.inherit(descriptor: dup(original.descriptor))
        #expect(inherited.address == .unix(path: path))
        inherited.close()
        #expect(FileManager.default.fileExists(atPath: path))
        #expect(ListeningSocket.isListening(descriptor: original.descriptor))
        original.close()
    }

    @Test func `what does not listen cannot be inherited: a file, a socket that is not listening, nothing`() {
        let descriptors = [open("/dev/null", O_RDONLY), socket(AF_UNIX, 1, 0), -1]
        for descriptor in descriptors {
            #expect(!ListeningSocket.isListening(descriptor: descriptor))
            #expect(throws: ListenError.self) { try ListeningSocket.inherit(descriptor: descriptor) }
        }
        for descriptor in descriptors where descriptor >= 0 { close(descriptor) }
    }

    @Test func `a socket that other machines can reach is not inherited`() {
        let descriptor = socket(AF_INET, 1, 0)
        #expect(listen(descriptor, 1) == 0)
        let error = #expect(throws: ListenError.self) { try ListeningSocket.inherit(descriptor: descriptor) }
        #expect(error?.description.contains("0.0.0.0") == true)
        close(descriptor)
    }
}
