import CoreMetrics
import Jobs
import KreaAPI
import MetricsTestKit
import Synchronization
import TestSupport
import Testing
import Webhooks

@testable import Dispatcher

/// Telling programs of the end of their jobs, in virtual time.
@Suite struct WebhookDelivererTests {
    /// Takes messages, each time with the next of its outcomes, the last one for all that follow.
    private final class Receiver: WebhookSender {
        struct Received {
            let at: Timestamp
            let message: WebhookMessage
            var text: String { String(decoding: message.body, as: UTF8.self) }
        }

        private let received = Mutex<[Received]>([])
        private let outcomes: [DeliveryOutcome]
        var messages: [Received] { received.withLock(\.self) }

        init(_ outcomes: DeliveryOutcome...) {
            self.outcomes = outcomes
        }

        func send(_ message: WebhookMessage, at now: Timestamp) async -> DeliveryOutcome {
            received.withLock { received in
                received.append(Received(at: now, message: message))
                return outcomes[min(received.count, outcomes.count) - 1]
            }
        }
    }

    private func world(
        _ receiver: Receiver, runSeconds: Double = 12, metrics: any MetricsFactory = NOOPMetricsHandler.instance
    ) async throws -> DispatcherFixture {
        let webhookMessages = WebhookMessages(sender: receiver) { job, now in
            Array("\(job.job.id) \(job.job.state) \(now.milliseconds)".utf8)
        }
        return try await DispatcherFixture(
            { SimulatedTransport(time: $0, runSeconds: runSeconds) }, webhookMessages: webhookMessages, metrics: metrics)
    }

    @Test func `messages are counted by how they ended, from nothing on`() async throws {
        let metrics = TestMetrics()
        func counts() throws -> [Int64] {
            try ["delivered", "failed", "given_up"].map { try metrics.expectCounter(AttemptMeter.messages, [("outcome", $0)]).totalValue }
        }
        let fixture = try await world(Receiver(.failed("status 500"), .delivered(status: 200), .gone), metrics: metrics)
        #expect(try counts() == [0, 0, 0])
        for prompt in ["first", "second"] { try fixture.accept(prompt, tell: "https://hooks.example.org/") }
        try await fixture.run()
        #expect(try counts() == [1, 1, 1])
    }

    @Test func `the end of a job is told once, at once`() async throws {
        let receiver = Receiver(.delivered(status: 204))
        let fixture = try await world(receiver)
        let id = try fixture.accept("a lighthouse", tell: "https://hooks.example.org/")
        try fixture.accept("another, of which nobody wants to hear")
        try await fixture.run()
        #expect(receiver.messages.count == 1)
        let message = try #require(receiver.messages.first)
        #expect(message.at == (try fixture.job(id)).finishedAt)
        #expect(message.message.url == "https://hooks.example.org/")
        #expect(message.text == "\(id) completed \(message.at.milliseconds)")
        #expect(try fixture.job(id).delivery?.state == .delivered)
    }

    @Test func `a receiver that fails gets the same message again, later each time, until it takes it`() async throws {
        let receiver = Receiver(.failed("status 500"), .failed("no answer"), .delivered(status: 200))
        let fixture = try await world(receiver)
        let id = try fixture.accept("a lighthouse", tell: "https://hooks.example.org/")
        try await fixture.run()
        let moments = receiver.messages.map(\.at)
        #expect(moments.map { $0 - moments[0] } == [0, 10, 70].map { .seconds($0) })
        #expect(Set(receiver.messages.map(\.message.id)) == ["\(id).1"])
        #expect(receiver.messages.map(\.message.attempt) == [1, 2, 3])
        #expect(try fixture.job(id).delivery?.state == .delivered)
    }

    @Test func `after six attempts it is given up, and after a 410 at once`() async throws {
        for (outcome, attempts) in [(DeliveryOutcome.failed("status 500"), 6), (.gone, 1)] {
            let receiver = Receiver(outcome)
            let fixture = try await world(receiver)
            let id = try fixture.accept("a lighthouse", tell: "https://hooks.example.org/")
            try await fixture.run()
            #expect(receiver.messages.count == attempts)
            #expect(try fixture.job(id).delivery?.state == .failed)
            #expect(try fixture.job(id).state == .completed)
        }
    }

    @Test func `a process that is killed between attempts, or in one, costs no message`() async throws {
        let receiver = Receiver(.failed("status 500"), .delivered(status: 200))
        let fixture = try await world(receiver)
        let id = try fixture.accept("a lighthouse", tell: "https://hooks.example.org/")
        try await fixture.run(until: fixture.time.now + .seconds(20))
        #expect(receiver.messages.count == 1)
        try await fixture.restart()
        fixture.time.advance(by: .seconds(20))
        guard case .granted = try fixture.store.claimDelivery(by: fixture.dispatcher.epoch, at: fixture.time.now) else {
            throw UnknownJob(id: id)
        }
        try await fixture.restart()
        try await fixture.run()
        #expect(receiver.messages.count == 2)
        #expect(Set(receiver.messages.map(\.message.id)).count == 1)
        #expect(try fixture.job(id).delivery?.state == .delivered)
        #expect(try fixture.job(id).delivery?.attempts == 3)
    }

    @Test func `a hundred ends are all told, and no call to Krea comes later for it`() async throws {
        let receiver = Receiver(.delivered(status: 200))
        let fixture = try await world(receiver)
        let ids = try (1...100).map {
            try fixture.accept("picture \($0) \($0 % 3 == 0 ? "[[failed]]" : "")", tell: "https://h.example.org/")
        }
        for id in ids.suffix(50) { _ = try fixture.store.cancel(id, at: fixture.time.now) }
        try await fixture.run()
        #expect(Set(receiver.messages.map(\.message.id)).count == 100)
        #expect(receiver.messages.count == 100)
        #expect(fixture.krea.calls.brokenRules(PaceRules()).isEmpty)
    }
}
