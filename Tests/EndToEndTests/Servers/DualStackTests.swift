import Jobs
import TestSupport
import Testing

@testable import SQLiteStore

/// What each web server says of a client that comes over IPv4 to a socket of IPv6.
@Suite(.timeLimit(.minutes(5))) struct DualStackTests {
    @Test(arguments: WebServer.allCases)
    func `who comes over IPv4 is an IPv4 address, and who comes over IPv6 another client`(server: WebServer) async throws {
        let stack = try await Stack(environment: ["KREA_FCGI_QUEUE_LIMIT_PER_CLIENT": "1"], behind: server, isDualStack: true)
        let bases = [stack.base, stack.base.replacing("127.0.0.1", with: "[::1]")]
        for base in bases { #expect(try await HTTPTestClient.post("\(base)/api/jobs", json: #"{"prompt": "a lighthouse"}"#).status == 202) }
        let store = try DatabaseQueue(path: stack.folder.file("jobs.sqlite"))
        let clients = try store.read { try String.all($0, "SELECT client FROM jobs ORDER BY seq") }
        #expect(clients == ["address:127.0.0.1", "address:::1"])
        for base in bases { #expect(try await HTTPTestClient.get("\(base)/api/jobs").json["items"]?.elements?.count == 1) }
    }
}
