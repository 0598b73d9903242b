import Jobs
import Synchronization
import TestSupport
import Testing

@testable import Dispatcher

/// Krea's webhooks, in virtual time: what comes, comes to the store as the pages would bring it.
@Suite struct WebhookTests {
    private let rules = PaceRules()

    private func world(_ krea: @escaping (TestTime) -> SimulatedTransport) async throws -> DispatcherFixture {
        let fixture = try await DispatcherFixture(krea, webhooks: true)
        let (store, time) = (fixture.store, fixture.time)
        fixture.krea.whenCalling { address in
            guard let key = WebhookKey(address.split(separator: "/").last ?? "") else { return }
            _ = try! store.noteKreaWebhook(key, at: time.now)
        }
        return fixture
    }

    private func audit(_ fixture: DispatcherFixture) throws -> Audit {
        var audit = Audit(rules)
        for call in try fixture.store.calls(after: 0, limit: 10_000) { audit.read(call) }
        return audit
    }

    @Test(arguments: [(3000, 5120), (5000, 5120), (5500, 5500), (5900, 5900), (6000, 6000), (8000, 11_240)])
    func `a finished picture is fetched as soon as Krea calls, at the earliest 5 s after the last call`(
        runs: Int, fetched: Int
    ) async throws {
        let fixture = try await world { SimulatedTransport(time: $0, runSeconds: Double(runs) / 1000) }
        let id = try fixture.accept("a lighthouse")
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        let (calls, last) = (fixture.krea.calls, try #require(fixture.krea.calls.last))
        #expect(last.arrived - calls[0].arrived == .milliseconds(fetched))
        #expect(calls.brokenRules(rules, webhooks: true).isEmpty)
    }

    @Test func `a webhook before the answer to the submission is not lost: the first poll comes 5 s later`() async throws {
        let fixture = try await world { SimulatedTransport(time: $0, runSeconds: 0) }
        let id = try fixture.accept("a lighthouse [[webhook-early]]")
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        let calls = fixture.krea.calls
        #expect(calls.map(\.method) == ["POST", "GET"])
        #expect(calls[1].arrived == calls[0].answered + .seconds(5))
    }

    @Test func `without its webhook a job goes on as if there were none`() async throws {
        let fixture = try await world { SimulatedTransport(time: $0) }
        let id = try fixture.accept("a lighthouse [[webhook-never]]")
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(fixture.krea.calls.filter(\.isPoll).count == 2)
        #expect(fixture.krea.calls.brokenRules(rules).isEmpty)
    }

    @Test func `a webhook that comes twice costs no call`() async throws {
        let once = try await world { SimulatedTransport(time: $0, runSeconds: 5.5) }
        try once.accept("a lighthouse")
        try await once.run()
        let twice = try await world { SimulatedTransport(time: $0, runSeconds: 5.5) }
        try twice.accept("a lighthouse [[webhook-twice]]")
        try await twice.run()
        #expect(once.krea.calls.map(\.arrived) == twice.krea.calls.map(\.arrived))
    }

    @Test func `webhooks by the thousand bring a poll each 5 s, 40 in all, and 40 more after the time-out`() async throws {
        let fixture = try await world { SimulatedTransport(time: $0) }
        let id = try fixture.accept("[[stuck]]")
        try await fixture.run(until: fixture.time.now + .seconds(1))
        let key = try #require(try fixture.job(id)[1].webhookKey)
        let end = fixture.time.now + .seconds(3600)
        while fixture.time.now < end {
            _ = try fixture.store.noteKreaWebhook(key, at: fixture.time.now)
            let next = fixture.time.now + .milliseconds(700)
            try await fixture.run(until: next)
            fixture.time.advance(to: next)
        }
        #expect(try fixture.job(id).state == .timedOut)
        #expect(fixture.krea.calls.filter(\.isPoll).count == 80)
        let audit = try audit(fixture)
        #expect(audit.broken == [])
        #expect(audit.mostPolls == 40)
        #expect(try #require(audit.smallestPollGap) >= .seconds(5))
    }

    @Test func `a webhook in a silence waits for its end`() async throws {
        let fixture = try await world { SimulatedTransport(time: $0, runSeconds: 20) }
        let id = try fixture.accept("first")
        try fixture.accept("second [[429]]")
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(fixture.krea.calls.contains { $0.status == 429 })
        #expect(fixture.krea.calls.brokenRules(rules, webhooks: true).isEmpty)
        #expect(try audit(fixture).broken == [])
    }

    @Test func `a picture that comes long after the time-out is fetched when Krea calls`() async throws {
        let fixture = try await world { SimulatedTransport(time: $0, runSeconds: 3600) }
        let id = try fixture.accept("a slow one")
        let start = fixture.time.now
        try await fixture.run(until: start + .seconds(3000))
        #expect(try fixture.job(id).state == .timedOut)
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(fixture.krea.calls.filter(\.isPoll).count == 41)
        #expect(fixture.krea.calls.last?.arrived == start + .seconds(3600))
        #expect(try audit(fixture).broken == [])
    }

    @Test func `a webhook for a lost answer is kept until the list has the job`() async throws {
        let fixture = try await world { SimulatedTransport(time: $0, runSeconds: 0) }
        let id = try fixture.accept("a lighthouse [[cut]] [[webhook-early]]")
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(fixture.krea.calls.brokenRules(rules, webhooks: true).isEmpty)
    }

    @Test func `every submission has a key of its own, and a restart changes none`() async throws {
        let fixture = try await world { SimulatedTransport(time: $0, runSeconds: 100) }
        let ids = try (1...3).map { try fixture.accept("picture \($0)") }
        try await fixture.run(until: fixture.time.now + .seconds(25))
        let keys = try ids.map { try fixture.job($0)[1].webhookKey }
        #expect(Set(keys.compactMap(\.self)).count == 3)
        try await fixture.restart()
        try await fixture.run()
        #expect(try ids.map { try fixture.job($0)[1].webhookKey } == keys)
    }
}
