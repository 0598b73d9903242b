import Foundation
import Glibc
import Jobs
import SQLiteStore
import Synchronization
import TestSupport
import Testing

/// Restarts and upgrades while people ask, with the socket held by somebody else, as systemd does.
@Suite(.timeLimit(.minutes(5))) struct RestartTests {
    private static let restarts = 10
    private static let clients = 8

    @Test(arguments: [false, true])
    func `ten restarts under load lose no request, and every accepted job is in the store once`(overlaps: Bool) async throws {
        let stack = try await Stack(
            environment: ["KREA_FCGI_QUEUE_LIMIT": "1000000", "KREA_FCGI_QUEUE_LIMIT_PER_CLIENT": "1000000"], holdsSocket: true)
        let load = Load(base: stack.base)
        let (accepted, failures) = try await withThrowingTaskGroup(of: [String].self) { group in
            for client in 0..<Self.clients { group.addTask { try await load.run(client) } }
            var service = stack.service
            for _ in 0..<Self.restarts {
                // Requests are on their way at every moment of the change.
                await load.more(40)
                let old = service
                if !overlaps { try await Self.end(old) }
                service = try stack.serveAgain()
                try await service.line { $0.contains("Serving FastCGI") }
                if overlaps { try await Self.end(old) }
            }
            await load.more(40)
            load.stop()
            var accepted: [String] = []
            for try await ids in group { accepted += ids }
            // It is told to stop when nobody holds it any more.
            withExtendedLifetime(service) {}
            return (accepted, load.failures)
        }
        #expect(failures.isEmpty, "\(failures.count) of \(load.count): \(failures.first ?? "")")
        let store = try SQLiteStore(path: stack.folder.file("jobs.sqlite"), rules: Stack.rules, limits: QueueLimits())
        let kept = try accepted.filter { try JobID($0).map(store.job) != nil }
        #expect(kept.count == accepted.count)
        let audit = try await stack.command("audit")
        #expect(audit.status == 0, "\(audit.lines)")
        let jobs = try await stack.command("jobs", "--limit", "100000").lines.dropFirst()
        #expect(jobs.count == accepted.count)
        #expect(Set(accepted).count == accepted.count)
    }

    private static func end(_ service: ChildProcess) async throws {
        service.signal(SIGTERM)
        #expect(try await service.exitStatus() == 0)
    }
}

/// Clients that send jobs and read them back, one request after the other, until they are told to stop.
private final class Load: Sendable {
    private let base: String
    private let state = Mutex((count: 0, isStopping: false, failures: [String]()))
    private let answers = AsyncStream.makeStream(of: Void.self)

    init(base: String) { self.base = base }

    var failures: [String] { state.withLock { $0.failures } }
    var count: Int { state.withLock { $0.count } }

    func stop() { state.withLock { $0.isStopping = true } }

    /// Waits until that many requests more have been answered.
    func more(_ count: Int) async {
        var answers = answers.stream.makeAsyncIterator()
        for _ in 0..<count { await answers.next() }
    }

    /// Returns the jobs that were accepted.
    func run(_ client: Int) async throws -> [String] {
        var ids: [String] = []
        while !state.withLock({ $0.isStopping }) {
            let posted = try await HTTPTestClient.post("\(base)/api/jobs", json: #"{"prompt": "picture \#(client) \#(ids.count)"}"#)
            note(posted, 202)
            guard posted.status == 202, let id = try posted.json["job_id"]?.text else { continue }
            ids.append(id)
            note(try await HTTPTestClient.get("\(base)/api/jobs/\(id)"), 200)
        }
        return ids
    }

    private func note(_ answer: HTTPTestClient.Answer, _ expected: Int) {
        state.withLock { state in
            state.count += 1
            if answer.status != expected { state.failures.append("\(answer.status) \(answer.body)") }
        }
        answers.continuation.yield()
    }
}
