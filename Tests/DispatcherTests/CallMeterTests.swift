import Jobs
import MetricsTestKit
import TestSupport
import Testing

@testable import Dispatcher

/// What is measured and logged of each call to Krea, and what becomes of calls when there is no token.
@Suite struct CallMeterTests {
    private let metrics = TestMetrics()
    private let log = LogRecorder()

    /// Lets a job run for a while, and returns what Krea heard.
    private func run(_ prompt: String) async throws -> (calls: Int, id: JobID) {
        let fixture = try await DispatcherFixture()
        let dependencies = Dependencies.sample(
            fixture.store, fixture.krea, fixture.time, liveness: fixture.liveness, metrics: metrics, logger: log.logger)
        let id = try fixture.accept(prompt)
        let context = ServiceContext(dependencies, fixture.dispatcher.epoch)
        _ = try await Submitter(context: context).runOnce()
        fixture.time.advance(by: .seconds(6))
        _ = try await Poller(context: context).runOnce()
        return (fixture.krea.calls.count, id)
    }

    @Test func `each call is a time by kind and outcome, and a line with the same`() async throws {
        let (calls, id) = try await run("a lighthouse")
        #expect(calls == 2)
        #expect(try metrics.expectTimer(CallMeter.calls, [("kind", "submit"), ("outcome", "accepted")]).values.count == 1)
        // Whatever word Krea has for the job's state.
        #expect(try metrics.expectTimer(CallMeter.calls, [("kind", "poll"), ("outcome", "answered")]).values.count == 1)
        let line = try #require(log.lines.first { $0.hasPrefix("info Submitted a job to Krea") })
        for word in ["kind=submit", "outcome=accepted", "job=\(id)", "part=1", "milliseconds=", "status=", "state=running"] {
            #expect(line.contains(" \(word)"), "\(line)")
        }
        let poll = try #require(log.lines.first { $0.hasPrefix("info Asked Krea for a job") })
        for word in ["kind=poll", "outcome=answered", "job=\(id)", "part=1", "poll=1", "status="] {
            #expect(poll.contains(" \(word)"), "\(poll)")
        }
    }

    @Test func `an error is counted by what it was`() async throws {
        _ = try await run("a lighthouse [[429:1]]")
        #expect(try metrics.expectTimer(CallMeter.calls, [("kind", "submit"), ("outcome", "rate_limited")]).values.count == 1)
        #expect(try metrics.expectCounter(CallMeter.errors, [("kind", "submit"), ("error", "rate_limited")]).values == [1])
        #expect(log.lines.contains { $0.contains(" outcome=rate_limited") && $0.contains(" error=limited") })
    }

    @Test func `without a token no call is made, and who dispatches stops`() async throws {
        let fixture = try await DispatcherFixture()
        _ = try fixture.accept("a lighthouse")
        let dependencies = Dependencies.sample(fixture.store, fixture.krea, fixture.time, liveness: fixture.liveness, token: { nil })
        let context = ServiceContext(dependencies, fixture.dispatcher.epoch)
        _ = try await Submitter(context: context).runOnce()
        #expect(fixture.krea.calls.isEmpty)
        await #expect(throws: LeadershipLost()) { try await Maintenance(context: context).runOnce() }
        // The job waits on.
        #expect(try fixture.store.jobs(JobQuery(client: nil)).items.map(\.job.state) == [.waiting])
    }
}
