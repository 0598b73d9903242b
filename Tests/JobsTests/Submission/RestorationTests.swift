import TestSupport
import Testing

@testable import Jobs

/// Going on from a backup.
@Suite struct RestorationTests {
    private let rules = PaceRules()
    private let now = Timestamp(milliseconds: 1_772_366_400_000)

    private func job(_ change: (inout Submission) throws -> Void) throws -> Job {
        var job = try Job.sample(at: now - .seconds(3600))
        try change(&job.submissions[0])
        return job
    }

    private func claimed(_ outcome: CallResult<KreaJob>?) throws -> Job {
        try job { submission in
            try submission.claimForSubmit(at: now - .seconds(60), by: 1, route: "bfl/flux-1-dev")
            if let outcome { try submission.recordSubmit(outcome, at: now - .seconds(59), rules: rules) }
        }
    }

    @Test func `what may have been sent since fails, and counts as paid`() throws {
        for job in [try job { _ in }, try claimed(nil), try claimed(.noAnswer)] {
            var job = job
            #expect(try job.recover(fromBackupAt: now, notBefore: now))
            #expect(job.state == .failed)
            #expect(job.failure?.code == .restored)
            #expect(job.finishedAt == now)
            #expect(!job[1].isFree)
        }
    }

    @Test func `what Krea had is asked for on, not before the given moment`() throws {
        var job = try claimed(.answered(KreaJob(id: "k", status: "queued")))
        #expect(try !job.recover(fromBackupAt: now, notBefore: now + .seconds(60)))
        #expect(job.state == .running && job[1].nextPollAt == now + .seconds(60) && job[1].soonestPollAt == now + .seconds(60))
    }

    @Test func `what had ended stays as it was`() throws {
        var ended = try claimed(.answered(KreaJob(id: "k", status: "completed", urls: ["https://gen.krea.ai/1.png"])))
        let before = ended
        #expect(try !ended.recover(fromBackupAt: now, notBefore: now + .seconds(60)))
        #expect(ended == before)
    }

    @Test func `a part that waited fails, and the others of its job bring their pictures`() throws {
        var job = try claimed(.answered(KreaJob(id: "k", status: "queued")))
        job.submissions.append(Submission())
        #expect(try job.recover(fromBackupAt: now, notBefore: now))
        #expect(job.state == .running)
        try job[1].recordPoll(
            .answered(KreaJob(id: "k", status: "completed", urls: ["https://gen.krea.ai/1.png"])), at: now + .seconds(6), rules: rules)
        #expect(job.state == .completed)
        #expect(job.warnings == [.missing(1, of: 2, JobFailure(.restored))])
    }

    @Test func `the pace allows for a call and a 429 of a moment ago`() {
        var pace = Pace()
        pace.recover(fromBackupAt: now, rules: rules)
        #expect(pace.submitAllowedAt == now + .seconds(30))
        #expect(pace.nextSubmitAt == now + .seconds(10))
        #expect(pace.callAllowedAt(now) == now + .seconds(30))
    }
}
