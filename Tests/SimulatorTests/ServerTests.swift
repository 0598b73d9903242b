import ArgumentParser
import Foundation
import Testing

@testable import krea_simulator

/// The server on a loopback address.
@Suite struct ServerTests {
    /// Runs a server with `settings` while `body` has its port, and gives what the log holds afterwards.
    @discardableResult
    private func serving(
        _ settings: SimulatedKrea.Settings = .init(), _ body: (UInt16) async throws -> Void
    ) async throws -> [JSON] {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let log = try CallLog(path: path)
        let server = try SimulatorServer(
            SimulatedKrea(settings: settings), host: .ip4, port: 0, log: log, wall: { Int64(Date().timeIntervalSince1970 * 1000) }
        )
        let (bases, ready) = AsyncStream.makeStream(of: String.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { ready.finish() }
                try? await server.run { ready.yield($0) }
            }
            var iterator = bases.makeAsyncIterator()
            let base = try #require(await iterator.next())
            try await body(try #require(base.split(separator: ":").last.flatMap { UInt16($0) }))
            group.cancelAll()
        }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        return try lines.map { try JSON(Array($0.utf8)) }
    }

    @Test func `a job is submitted, polled until it is completed, and its picture is fetched`() async throws {
        var settings = SimulatedKrea.Settings()
        settings.walk = .lasting(0)
        let log = try await serving(settings) { port in
            let receipt = try await Peer.exchange(port, .post(["prompt": "a cat", "width": 512, "height": 512]))
            #expect(receipt.head.hasPrefix("HTTP/1.1 200 "))
            let id = try #require(try JSON(receipt.body)["job_id"]?.text)
            let job = try JSON(try await Peer.exchange(port, .get("/jobs/" + id)).body)
            #expect(job["status"] == "completed")
            guard case .array(let urls) = job["result"]?["urls"], let url = urls.first?.text else { throw Peer.NoAnswer() }
            #expect(url.hasPrefix("http://127.0.0.1:\(port)/images/"))
            let picture = try await Peer.exchange(port, .get(URL(string: url)?.path() ?? "", token: nil))
            #expect(picture.head.contains("Content-Type: image/png\r\n"))
            #expect(Array(picture.body.prefix(4)) == [0x89, 0x50, 0x4E, 0x47])
        }
        #expect(log.map { $0["status"] } == [200, 200, 200])
        #expect(log.map { $0["authorised"] } == [true, true, false])
        #expect(log.first?["prompt"] == "a cat")
        #expect(log.allSatisfy { !String(decoding: $0.bytes, as: UTF8.self).contains("Bearer") })
    }

    @Test func `a cut connection is closed with not one byte answered, and the job exists`() async throws {
        let log = try await serving { port in
            var request = Peer.Request.post(["prompt": "[[cut]]"])
            request.closes = false
            #expect(try await Peer.bytes(port, request) == [])
            let page = try JSON(try await Peer.exchange(port, .get("/jobs")).body)
            guard case .array(let items) = page["items"] else { throw Peer.NoAnswer() }
            #expect(items.count == 1)
        }
        #expect(log.map { $0["status"] } == [.null, 200])
    }

    @Test func `a truncated answer promises its whole length and ends after half of it`() async throws {
        try await serving { port in
            var request = Peer.Request.post(["prompt": "[[truncated]]"])
            request.closes = false
            let answer = try await Peer.exchange(port, request)
            #expect(answer.head.hasPrefix("HTTP/1.1 200 "))
            let promised = answer.head.firstMatch(of: /Content-Length: ([0-9]+)/).flatMap { Int($0.1) }
            #expect(answer.body.count == (promised ?? 0) / 2)
            #expect(!answer.body.isEmpty)
        }
    }

    @Test func `a dripping answer is whole in the end, and so is a body of many packets`() async throws {
        try await serving { port in
            #expect(try JSON(try await Peer.exchange(port, .post(["prompt": "[[drip:0]]"])).body)["status"] == "queued")
            let image = JSON.string("data:image/png;base64," + String(repeating: "A", count: 300_000))
            let answer = try await Peer.exchange(port, .post(["prompt": "cat", "imageUrls": [image]]))
            #expect(answer.head.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func `a webhook arrives as one POST with the job`() async throws {
        var settings = SimulatedKrea.Settings()
        settings.walk = .lasting(0)
        try await serving(settings) { port in
            let listener = try Listener()
            var request = Peer.Request.post(["prompt": "cat"])
            request.fields.append("X-Webhook-URL: http://127.0.0.1:\(listener.port)/hook?a=b")
            let receipt = try JSON(try await Peer.exchange(port, request).body)
            let hook = try await listener.answerOne()
            #expect(hook.head.hasPrefix("POST /hook?a=b HTTP/1.1\r\n"))
            let job = try JSON(hook.body)
            #expect(job["job_id"] == receipt["job_id"])
            #expect(job["status"] == "completed")
        }
    }

    @Test(arguments: ["0.0.0.0", "::", "192.168.0.1", "example.com"])
    func `a host that others can reach is refused with one sentence`(_ host: String) {
        #expect(throws: (any Error).self) { try Simulator.parse(["--host", host]) }
        #expect(throws: Never.self) { try Simulator.parse(["--host", "127.0.0.1"]) }
    }

    @Test func `the command's options become the settings`() throws {
        let command = try Simulator.parse([
            "--dialect", "current", "--token", "a", "--token", "b", "--run-seconds", "0.25", "--concurrency", "2", "--backlog", "0",
            "--fail", "429:2", "--schema-status", "400", "--sunset-404",
        ])
        let settings = try command.settings()
        #expect(settings.dialect == .current)
        #expect(settings.tokens == ["a", "b"])
        #expect(settings.walk.duration == 250)
        #expect(settings.concurrency == 2)
        #expect(settings.backlog == 0)
        #expect(settings.schemaStatus == 400)
        #expect(!settings.sunsetIsGone)
        #expect(settings.always.faults(at: .before).map(\.kind) == [.rateLimited])
        #expect(throws: (any Error).self) { try Simulator.parse(["--fail", "bogus"]) }
    }
}
