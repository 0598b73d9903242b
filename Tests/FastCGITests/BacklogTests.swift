import TestSupport
import Testing

@testable import FastCGI

/// How many connections wait to be accepted, as the system tells it.
@Suite struct BacklogTests {
    @Test(arguments: [true, false])
    func `those who are not accepted yet are counted`(isUnix: Bool) async throws {
        let folder = try TemporaryFolder()
        let socket = try ListeningSocket.open(isUnix ? .unix(path: folder.file("a.sock")) : .tcp(host: "127.0.0.1", port: 0))
        #expect(socket.backlog?.waiting == 0)
        #expect(socket.backlog.map { $0.limit > 0 } == true)
        let target = try FastCGIClient.Target(socket.address)
        let waiting = try await onThread { try (1...3).map { _ in try FastCGIClient(target) } }
        #expect(socket.backlog?.waiting == 3)
        withExtendedLifetime(waiting) {}
        socket.close()
        #expect(socket.backlog == nil)
    }
}
