import CoreMetrics
import Foundation
import Glibc
import HTTPClient
import Jobs
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport

@testable import Status

/// A status server that runs for the length of a test, over a made-up service.
struct StatusFixture: Sendable {
    struct Answer: Sendable {
        let status: Int
        let type: String
        let body: String

        func json() throws -> JSONValue { try JSONDecoder().decode(JSONValue.self, from: Data(body.utf8)) }
    }

    let base: String
    let store = FakeStore()
    let registry = MetricsRegistry()
    let time = TestTime()
    /// What workers are asked to call and have not called yet; nil when they do at once.
    let errands: Errands

    final class Errands: Sendable {
        private let waiting: Mutex<[@Sendable () -> Void]?>

        init(held: Bool) { waiting = Mutex(held ? [] : nil) }

        func add(_ done: @escaping @Sendable () -> Void) {
            let isHeld = waiting.withLock { waiting in
                waiting?.append(done)
                return waiting != nil
            }
            if !isHeld { done() }
        }

        var count: Int { waiting.withLock { $0?.count ?? 0 } }

        func release() {
            for done in waiting.withLock({ waiting in
                defer { waiting = nil }
                return waiting ?? []
            }) { done() }
        }
    }

    static func run<Result: Sendable>(
        patience: StatusCollector.Patience = .short, workersHeld: Bool = false,
        fastCGI: @escaping @Sendable () -> FastCGIStatus = { .sample },
        connectionTime: Duration = .seconds(60),
        _ body: @Sendable (StatusFixture) async throws -> Result
    ) async throws -> Result {
        let (descriptor, port) = try Loopback.listen()
        let fixture = StatusFixture(base: "http://127.0.0.1:\(port)", errands: Errands(held: workersHeld))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = StatusServer(
            descriptor: descriptor, address: "test",
            sources: StatusCollector.Sources(
                version: "1.2", startedAt: fixture.time.now, store: fixture.store, metrics: fixture.registry,
                calls: "calls_seconds", fastCGI: fastCGI,
                role: { .dispatcher }, onWorker: { [errands = fixture.errands] in errands.add($0) },
                now: { [time = fixture.time] in time.now }),
            patience: patience, connectionTime: connectionTime, logger: logger)
        let group = ServiceGroup(services: [server], logger: logger)
        async let running: Void = group.run()
        let outcome: Swift.Result<Result, any Error>
        do { outcome = .success(try await body(fixture)) } catch { outcome = .failure(error) }
        await group.triggerGracefulShutdown()
        try await running
        return try outcome.get()
    }

    func get(_ path: String, _ headers: [(name: String, value: String)] = [], method: String = "GET") async throws -> Answer {
        let request = ClientRequest(method, base + path, fields: headers, until: .now + .seconds(30), bodyLimit: 1 << 20)
        let response = try await Self.client.perform(request)
        return Answer(
            status: response.status, type: response.fields["content-type"] ?? "", body: String(decoding: response.body, as: UTF8.self))
    }

    private static let client = HTTPClient()
}

extension StatusCollector.Patience {
    /// What a test waits for in vain, it waits for shortly; nothing that is known is good for longer than a moment.
    static var short: StatusCollector.Patience {
        var patience = StatusCollector.Patience()
        patience.answer = .milliseconds(100)
        patience.freshness = .zero
        patience.ledger = .zero
        return patience
    }
}

extension FastCGIStatus {
    static let sample = FastCGIStatus(
        address: "unix:/s",
        workers: [
            Worker(number: 1, state: .idle, seconds: 3, requests: 5),
            Worker(number: 2, state: .running, seconds: 0.25, requests: 1, requestId: "r<7>", method: "GET", path: "/krea/jobs/12345678…"),
        ], mostBusy: 2, timesAllBusy: 4, idleConnections: 6, heldRequests: 7, backlog: 1, backlogLimit: 4096)
}
