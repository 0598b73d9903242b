import CoreMetrics
import Foundation
import Glibc
import Jobs
import Synchronization
import Testing
import TestSupport

@testable import Status

/// The server as an operator asks it, over a service that is well, busy or broken.
@Suite(.timeLimit(.minutes(5))) struct StatusServerTests {
    @Test func `a service that is well says so in every form`() async throws {
        try await StatusFixture.run { fixture in
            let json = try await fixture.get("/status?json")
            #expect(json.status == 200)
            #expect(json.type == "application/json")
            let members = try json.json()
            #expect(members.members?["version"] == "1.2")
            #expect(members.members?["role"] == "dispatcher")
            #expect(members.members?["fastcgi"]?.members?["busy"] == 1)
            #expect(members.members?["fastcgi"]?.members?["workers"] == 2)
            #expect(members.members?["queue"]?.members?["submissions"] == ["waiting": 2, "running": 1])
            #expect(members.members?["store"]?.members?["is_writable"] == true)
            #expect(members.members?["workers"] == nil)
            let text = try await fixture.get("/status")
            #expect(text.type == "text/plain; charset=utf-8")
            #expect(text.body.contains("  busy: 1 of 2\n"))
            #expect(!text.body.contains("Scoreboard"))
            let page = try await fixture.get("/status", [("Accept", "text/html")])
            #expect(page.type == "text/html; charset=utf-8")
            #expect(page.body.contains("<td>1 of 2</td>"))
        }
    }

    @Test func `what there is nothing to say of is null, in every object`() async throws {
        try await StatusFixture.run { fixture in
            let json = try await fixture.get("/status?json&full").json()
            #expect(json.members?["queue"]?.members?["hold"] == .null)
            #expect(json.members?["queue"]?.members?["spend_limit_usd"] == .null)
            #expect(json.members?["store"]?.members?["problem"] == .null)
            let idle = json.members?["workers"]?.elements?.first?.members
            for name in ["request_id", "method", "path"] { #expect(idle?[name] == .null) }
            fixture.store.state.withLock { $0.overview.pace.silentUntil = fixture.time.now + .seconds(30) }
            let hold = try await fixture.get("/status?json").json().members?["queue"]?.members?["hold"]?.members
            #expect(hold?["since"] == .null)
            #expect(hold?["words"] == .null)
            #expect(hold?["until"]?.text != nil)
        }
    }

    @Test func `nothing in the text steers a terminal`() async throws {
        try await StatusFixture.run { fixture in
            fixture.store.state.withLock { $0.overview.pace.pausedBecause = "\u{1B}[2Jlunch\u{202E}\nor so" }
            let text = try await fixture.get("/status").body
            #expect(text.contains(#"\u{1b}[2Jlunch\u{202e}\nor so"#), "\(text)")
            let json = try await fixture.get("/status?json").body
            #expect(json.contains(#"\u001b[2Jlunch\u202e\nor so"#), "\(json)")
            for body in [text, json] {
                #expect(body.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x202E })
            }
        }
    }

    @Test func `the scoreboard has a line a worker, and nothing in it is markup`() async throws {
        try await StatusFixture.run { fixture in
            let workers = try await fixture.get("/status?json&full").json().members?["workers"]?.elements
            #expect(workers?.count == 2)
            #expect(workers?.last?.members?["request_id"] == "r<7>")
            #expect(workers?.last?.members?["state"] == "running")
            #expect(
                try await fixture.get("/status?full").body.contains(
                    "2       running  250 ms   1         r<7>        GET     /krea/jobs/12345678…\n"))
            #expect(try await fixture.get("/status?html&full").body.contains("<td>r&lt;7&gt;</td>"))
        }
    }

    @Test func `why calls wait is said, and until when`() async throws {
        try await StatusFixture.run { fixture in
            fixture.store.state.withLock { $0.overview.pace.silentUntil = fixture.time.now + .seconds(30) }
            let queue = try await fixture.get("/status?json").json().members?["queue"]
            #expect(queue?.members?["hold"]?.members?["reason"] == "rate_limited")
            #expect(queue?.members?["hold"]?.members?["until"] == .string((fixture.time.now + .seconds(30)).iso8601))
            #expect(try await fixture.get("/metrics").body.contains("krea_fcgi_hold{reason=\"rate_limited\"} 1\n"))
            #expect(try await fixture.get("/metrics").body.contains("krea_fcgi_next_submission_wait_seconds 30\n"))
        }
    }

    @Test func `that Krea gives no answer is said, and since when`() async throws {
        try await StatusFixture.run { fixture in
            let since = fixture.time.now - .seconds(60)
            fixture.store.state.withLock { $0.overview.pace.unanswered = since...fixture.time.now }
            let hold = try await fixture.get("/status?json").json().members?["queue"]?.members?["hold"]
            #expect(hold?.members?["reason"] == "unanswered")
            #expect(hold?.members?["since"] == .string(since.iso8601))
            #expect(try await fixture.get("/status").body.contains("  held: unanswered since \(since.iso8601)\n"))
            #expect(try await fixture.get("/metrics").body.contains("krea_fcgi_hold{reason=\"unanswered\"} 1\n"))
        }
    }

    @Test func `what was spent today is said, beside the limit where there is one`() async throws {
        try await StatusFixture.run { fixture in
            let queue = try await fixture.get("/status?json").json().members?["queue"]
            #expect(queue?.members?["spent_today_usd"] == 1.5)
            #expect(queue?.members?["spend_limit_usd"] == .null)
            #expect(try await fixture.get("/status").body.contains("  spent today: $1.50\n"))
            #expect(try await fixture.get("/metrics").body.contains("krea_fcgi_spent_today_usd 1.5\n"))
            #expect(try await !fixture.get("/metrics").body.contains("krea_fcgi_spend_limit_usd"))
            fixture.store.state.withLock { $0.overview.spendLimit = Money(usd: 5) }
            #expect(try await fixture.get("/status").body.contains("  spent today: $1.50 of $5.00\n"))
            #expect(try await fixture.get("/metrics").body.contains("krea_fcgi_spend_limit_usd 5\n"))
        }
    }

    @Test func `metrics have the status and all that was measured, as OpenMetrics`() async throws {
        try await StatusFixture.run { fixture in
            Timer(label: "calls_seconds", dimensions: [("kind", "poll"), ("outcome", "answered")], factory: fixture.registry)
                .recordMilliseconds(
                    20)
            let metrics = try await fixture.get("/metrics")
            #expect(metrics.type == "application/openmetrics-text; version=1.0.0; charset=utf-8")
            #expect(metrics.body.hasSuffix("\n# EOF\n"))
            #expect(metrics.body.contains("krea_fcgi_workers{state=\"running\"} 1\n"))
            #expect(metrics.body.contains("calls_seconds_count{kind=\"poll\",outcome=\"answered\"} 1\n"))
            #expect(try await fixture.get("/status?json").json().members?["krea"]?.elements?.first?.members?["count"] == 1)
        }
    }

    @Test func `a store that cannot be written makes the service not ready, and it lives on`() async throws {
        try await StatusFixture.run { fixture in
            #expect(try await fixture.get("/health/ready").body == "ok\n")
            fixture.store.state.withLock { $0.isWritable = false }
            let ready = try await fixture.get("/health/ready")
            #expect(ready.status == 503)
            #expect(ready.body == "The store cannot be written: the disk is full\n")
            #expect(try await fixture.get("/health/live").status == 200)
            #expect(try await fixture.get("/metrics").body.contains("krea_fcgi_store_writable 0\n"))
            fixture.store.state.withLock { $0.isWritable = true }
            #expect(try await fixture.get("/health/ready").status == 200)
        }
    }

    @Test func `the store is not written more than once in the time that what is known is good for`() async throws {
        var patience = StatusCollector.Patience.short
        patience.freshness = .seconds(3600)
        try await StatusFixture.run(patience: patience) { fixture in
            for _ in 1...5 {
                let answer = try await fixture.get("/health/ready")
                #expect(answer.status == 200)
            }
            #expect(fixture.store.state.withLock { $0.writes } == 1)
        }
    }

    @Test func `a store that does not answer keeps nobody from an answer`() async throws {
        try await StatusFixture.run { fixture in
            #expect(try await fixture.get("/status?json").json().members?["queue"] != nil)
            fixture.store.hold()
            let json = try await fixture.get("/status?json")
            #expect(json.status == 200)
            let store = try json.json().members?["store"]
            #expect(store?.members?["is_readable"] == false)
            #expect(store?.members?["problem"]?.text?.hasPrefix("The store has not answered a read for ") == true)
            // What was known before is still shown.
            let queue = try json.json().members?["queue"]
            #expect(queue != nil)
            #expect(try await fixture.get("/health/ready").status == 503)
            fixture.store.release()
            #expect(try await fixture.get("/health/ready").status == 200)
        }
    }

    @Test func `workers that have taken nothing up for a while are let be`() async throws {
        try await StatusFixture.run(workersHeld: true) { fixture in
            let statuses = try await [fixture.get("/health/started"), fixture.get("/health/live")].map(\.status)
            #expect(statuses == [503, 200])
        }
    }

    @Test func `workers that take nothing up for longer make the service dead, until one does`() async throws {
        var patience = StatusCollector.Patience.short
        patience.workers = .milliseconds(50)
        try await StatusFixture.run(patience: patience, workersHeld: true) { fixture in
            let dead = try await fixture.get("/health/live")
            #expect(dead.status == 503)
            #expect(dead.body.hasPrefix("No worker has accepted any work for "))
            #expect(try await fixture.get("/health/live").status == 503)
            // However often somebody asks, one errand waits.
            #expect(fixture.errands.count == 1)
            fixture.errands.release()
            #expect(try await fixture.get("/health/live").status == 200)
            #expect(try await fixture.get("/health/started").status == 200)
        }
    }

    @Test func `workers that are busy with one request after the other are alive, though none is free`() async throws {
        var patience = StatusCollector.Patience.short
        patience.workers = .seconds(3600)
        let requests = Mutex(0)
        let fastCGI: @Sendable () -> FastCGIStatus = {
            var front = FastCGIStatus.sample
            front.workers[0].requests = requests.withLock { requests in
                requests += 1
                return requests
            }
            return front
        }
        try await StatusFixture.run(patience: patience, workersHeld: true, fastCGI: fastCGI) { fixture in
            let status = try await fixture.get("/health/live").status
            #expect(status == 200)
        }
        patience.workers = .nanoseconds(1)
        try await StatusFixture.run(patience: patience, workersHeld: true, fastCGI: fastCGI) { fixture in
            let status = try await fixture.get("/health/live").status
            #expect(status == 200)
        }
    }

    @Test func `however many connect and say nothing, the oldest make room, and the status is there`() async throws {
        try await StatusFixture.run { fixture in
            let port = try #require(fixture.base.split(separator: ":").last.flatMap { Int($0) })
            let (isFirstClosed, answer) = try await onThread {
                let silent = try (0..<300).map { _ in try FastCGIClient(.tcp(port: port)) }
                let isFirstClosed = try silent[0].receiveEnd()
                let answer = try FastCGIClient(.tcp(port: port)).ask("GET /health/ready HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                withExtendedLifetime(silent) {}
                return (isFirstClosed, answer)
            }
            #expect(isFirstClosed)
            #expect(answer.hasSuffix("ok\n"))
        }
    }

    @Test func `a connection without a whole request is closed in time, however often a little comes`() async throws {
        try await StatusFixture.run(connectionTime: .milliseconds(300)) { fixture in
            let port = try #require(fixture.base.split(separator: ":").last.flatMap { Int($0) })
            try await onThread {
                let client = try FastCGIClient(.tcp(port: port))
                try client.send(Array("GET /status HTTP/1.1\r\n".utf8))
                // Until it is closed.
                while (try? client.send(Array("X: 1\r\n".utf8))) != nil { sched_yield() }
            }
        }
    }

    @Test func `requests that are sent ahead are answered in turn, with their bodies passed over`() async throws {
        try await StatusFixture.run { fixture in
            let port = try #require(fixture.base.split(separator: ":").last.flatMap { Int($0) })
            let answers = try await onThread {
                try FastCGIClient(.tcp(port: port)).ask(
                    "GET /health/ready HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcPOST / HTTP/1.1\r\n\r\nGET /nothing HTTP/1.0\r\n\r\n")
            }
            let statuses = answers.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("HTTP/1.1 ") }
            #expect(statuses == ["HTTP/1.1 200 OK", "HTTP/1.1 405 Method Not Allowed", "HTTP/1.1 404 Not Found"])
        }
    }

    @Test(arguments: [
        "hello\r\n\r\n", "GET /status\r\n\r\n", "GET  HTTP/1.1\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", String(repeating: "x", count: 1 << 14),
    ])
    func `what is no request is refused, and the connection ends`(text: String) async throws {
        try await StatusFixture.run { fixture in
            let port = try #require(fixture.base.split(separator: ":").last.flatMap { Int($0) })
            let answer = try await onThread { try FastCGIClient(.tcp(port: port)).ask(text) }
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        }
    }

    @Test func `while no task gets a thread the status is there`() async throws {
        try await StatusFixture.run { fixture in
            // Only to start the server takes a task.
            #expect(try await fixture.get("/status").status == 200)
            let port = try #require(fixture.base.split(separator: ":").last.flatMap { Int($0) })
            let answer = try await onThread {
                // As many as there are threads for tasks; more would wait behind them.
                let threads = ProcessInfo.processInfo.activeProcessorCount
                let (holding, end) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
                for _ in 0..<threads { Task.detached { hold(holding, until: end) } }
                defer { for _ in 0..<threads { end.signal() } }
                for _ in 0..<threads {
                    guard holding.wait(timeout: .now() + 300) == .success else { return "not all threads could be held" }
                }
                return try FastCGIClient(.tcp(port: port)).ask("GET /status?text HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            }
            #expect(answer.contains("  busy: 1 of 2\n"))
        }
    }

    @Test func `what is not there is 404, what is not possible 405, and HEAD has no body`() async throws {
        try await StatusFixture.run { fixture in
            #expect(try await fixture.get("/").status == 404)
            #expect(try await fixture.get("/status", method: "POST").status == 405)
            let head = try await fixture.get("/metrics", method: "HEAD")
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
        }
    }
}

/// Blocks the thread of a task, which no task should.
private func hold(_ holding: DispatchSemaphore, until end: DispatchSemaphore) {
    holding.signal()
    _ = end.wait(timeout: .now() + 20)
}
