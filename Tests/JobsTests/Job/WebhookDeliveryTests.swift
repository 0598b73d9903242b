@testable import Jobs
import TestSupport
import Testing
import Web

/// When a job's end is told, and how often.
@Suite struct WebhookDeliveryTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    /// A job that ended at `start`, and wants to be told of.
    private func ended() throws -> Job {
        let sample = try Job.sample(at: start)
        var job = Job(
            id: sample.id, request: sample.request, client: sample.client, createdAt: start,
            delivery: WebhookDelivery(url: "https://hooks.example.org/"))
        try job.cancel(at: start)
        job.planDelivery()
        return job
    }

    /// Makes an attempt when it is due, and says when that was.
    private func attempt(_ job: inout Job, _ outcome: DeliveryOutcome) throws -> Timestamp {
        let due = try #require(job.delivery?.nextAttemptAt)
        #expect(job.delivery?.claim(at: due) == true)
        let attempt = try #require(DeliveryAttempt(of: job, by: 1))
        job.delivery?.record(outcome, of: attempt, at: due)
        return due
    }

    @Test func `nothing is due before the end, and the end is due at once`() throws {
        let sample = try Job.sample(at: start)
        var job = Job(id: sample.id, request: sample.request, client: sample.client, createdAt: start, delivery: WebhookDelivery(url: "u"))
        job.planDelivery()
        #expect(job.delivery == WebhookDelivery(url: "u"))
        #expect(try ended().delivery?.nextAttemptAt == start)
        #expect(try ended().delivery?.number == 1)
    }

    @Test func `planning again changes nothing`() throws {
        var job = try ended()
        _ = try attempt(&job, .failed("no answer"))
        let before = job
        job.planDelivery()
        #expect(job == before)
    }

    @Test func `an attempt that fails is followed by five more within about an hour, then it is given up`() throws {
        var job = try ended()
        var moments: [Timestamp] = []
        while job.delivery?.state == .pending { moments.append(try attempt(&job, .failed("status 500"))) }
        #expect(moments.map { $0 - start } == [0, 10, 70, 370, 1270, 3670].map { .seconds($0) })
        #expect(job.delivery?.state == .failed)
        #expect(job.delivery?.attempts == 6)
        #expect(job.delivery?.nextAttemptAt == nil)
        #expect(job.delivery?.outcome == "status 500")
    }

    @Test func `an attempt that is taken is the last, and one that gets 410 too`() throws {
        var job = try ended()
        _ = try attempt(&job, .failed("status 500"))
        _ = try attempt(&job, .delivered(status: 200))
        #expect(job.delivery?.state == .delivered)
        #expect(job.delivery?.attempts == 2)
        #expect(job.delivery?.nextAttemptAt == nil)
        var unwanted = try ended()
        _ = try attempt(&unwanted, .gone)
        #expect(unwanted.delivery?.state == .failed)
        #expect(unwanted.delivery?.nextAttemptAt == nil)
    }

    @Test func `an attempt that is never recorded is made up for after its time-out and the pause, and counts`() throws {
        var job = try ended()
        var moments: [Timestamp] = []
        while let due = job.delivery?.nextAttemptAt, job.delivery?.claim(at: due) == true { moments.append(due) }
        #expect(moments.map { $0 - start } == [0, 20, 90, 400, 1310, 3720].map { .seconds($0) })
        #expect(job.delivery?.state == .failed)
    }

    @Test func `what an earlier attempt brings too late changes nothing`() throws {
        var job = try ended()
        _ = job.delivery?.claim(at: start)
        let late = try #require(DeliveryAttempt(of: job, by: 1))
        _ = job.delivery?.claim(at: start + .seconds(20))
        let before = job
        job.delivery?.record(.delivered(status: 200), of: late, at: start + .seconds(21))
        #expect(job == before)
    }

    @Test func `a job that timed out and goes on is told of again at its next end, with another message`() throws {
        var job = try ended()
        let first = try #require(DeliveryAttempt(of: job, by: 1)).messageID
        _ = try attempt(&job, .failed("status 500"))
        job.delivery?.follow(end: nil)
        #expect(job.delivery?.nextAttemptAt == nil)
        job.delivery?.follow(end: start + .seconds(600))
        #expect(job.delivery?.nextAttemptAt == start + .seconds(600))
        #expect(job.delivery?.attempts == 0)
        #expect(job.delivery?.state == .pending)
        #expect(try #require(DeliveryAttempt(of: job, by: 1)).messageID != first)
    }

    @Test func `the message has the same name in every attempt`() throws {
        var job = try ended()
        var names: Set<String> = []
        for _ in 1...6 {
            _ = try attempt(&job, .failed("no answer"))
            names.insert(try #require(DeliveryAttempt(of: job, by: 1)).messageID)
        }
        #expect(names == ["\(job.id).1"])
    }
}
