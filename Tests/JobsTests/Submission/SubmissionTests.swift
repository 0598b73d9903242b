@testable import Jobs
import Testing

/// What the calls to Krea do to a submission.
@Suite struct SubmissionTests {
    private let rules = PaceRules()
    private let start = Timestamp(milliseconds: 1_000_000)

    private func running() throws -> Submission {
        var submission = Submission()
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        try submission.recordSubmit(.answered(KreaJob(id: "k1", status: "queued")), at: start, rules: rules)
        return submission
    }

    private func polled(_ status: String, urls: [String] = [], failure: JobFailure? = nil) throws -> Submission {
        var submission = try running()
        _ = try submission.claimForPoll(at: start + .seconds(6), rules: rules)
        let job = KreaJob(id: "k1", status: status, urls: urls, failure: failure)
        try submission.recordPoll(.answered(job), at: start + .seconds(7), rules: rules)
        return submission
    }

    struct SubmitRow {
        let outcome: CallResult<KreaJob>
        let state: JobState
        let failure: JobFailure.Code?
    }

    @Test(arguments: [
        SubmitRow(outcome: .answered(KreaJob(id: "k", status: "scheduled")), state: .running, failure: nil),
        SubmitRow(outcome: .answered(KreaJob(id: "k", status: "failed")), state: .failed, failure: .generationFailed),
        SubmitRow(outcome: .refused(JobFailure(.outOfCompute)), state: .failed, failure: .outOfCompute),
        SubmitRow(outcome: .rateLimited(retryAfter: nil), state: .waiting, failure: nil),
        SubmitRow(outcome: .notSent, state: .waiting, failure: nil),
        SubmitRow(outcome: .noAnswer, state: .unconfirmed, failure: nil),
    ])
    func `the end of the paid call decides where the submission goes`(row: SubmitRow) throws {
        var submission = Submission()
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        try submission.recordSubmit(row.outcome, at: start + .seconds(1), rules: rules)
        #expect(submission.state == row.state)
        #expect(submission.failure?.code == row.failure)
    }

    @Test(arguments: [
        "backlogged", "queued", "scheduled", "processing", "sampling", "intermediate-complete", "a-word-of-tomorrow",
    ])
    func `every status but the three last ones goes on, and is asked again 6 s after the answer`(status: String) throws {
        let submission = try polled(status)
        #expect(submission.state == .running)
        #expect(submission.kreaStatus == status)
        #expect(submission.nextPollAt == start + .seconds(13))
    }

    @Test func `completed with pictures is the end`() throws {
        let submission = try polled("completed", urls: ["https://gen.krea.ai/images/1.png"])
        #expect(submission.state == .completed)
        #expect(submission.urls == ["https://gen.krea.ai/images/1.png"])
        #expect(submission.finishedAt == start + .seconds(7))
        #expect(submission.nextPollAt == nil)
    }

    @Test func `completed without a picture is asked for five times more, then it is a failure that says so`() throws {
        var submission = try polled("completed")
        let empty = KreaJob(id: "k1", status: "completed", failure: JobFailure(.generationFailed, detail: "done"))
        for poll in 2...6 {
            #expect(submission.state == .running)
            #expect(submission.emptyAnswers == poll - 1)
            let now = try #require(submission.nextPollAt)
            #expect(try submission.claimForPoll(at: now, rules: rules))
            try submission.recordPoll(.answered(empty), at: now, rules: rules)
        }
        #expect(submission.state == .failed)
        #expect(submission.failure == JobFailure(.noImage, detail: "done"))
        #expect(submission.polls == 6)
        // Only a refusal of the content says more, and at once.
        let refusal = JobFailure(.contentRefused, detail: "nsfw", because: .nsfw)
        #expect(try polled("completed", failure: refusal).failure == refusal)
    }

    @Test func `a picture that comes after the word that it is finished counts`() throws {
        var submission = try polled("completed")
        try submission.recordPoll(
            .answered(KreaJob(id: "k1", status: "completed", urls: ["https://gen.krea.ai/1.png"])), at: start + .seconds(14), rules: rules)
        #expect(submission.state == .completed)
    }

    @Test(arguments: [CallResult<KreaJob>.answered(KreaJob(id: "k1", status: "completed")), .noAnswer])
    func `when the polls are used up, what Krea called finished is no time-out`(last: CallResult<KreaJob>) throws {
        var submission = try polled("completed")
        submission.polls = 39
        _ = try submission.claimForPoll(at: start, rules: rules)
        try submission.recordPoll(last, at: start, rules: rules)
        #expect(submission.failure?.code == .noImage)
    }

    @Test func `a result on another host is told as what it is, with its address, and found after another look`() throws {
        var submission = try running()
        let foreign = KreaJob(
            id: "k1", status: "completed", foreignURLs: ["https://cdn.example/1.png"], warnings: [.strangeAddresses(1, of: 1)])
        try submission.recordPoll(.answered(foreign), at: start + .seconds(7), rules: rules)
        #expect(submission.state == .failed)
        #expect(submission.failure == JobFailure(.foreignHost))
        #expect(submission.foreignURLs == ["https://cdn.example/1.png"])
        try submission.resume(at: start + .seconds(8), rules: rules)
        #expect(submission.state == .running)
        #expect(submission.pollRound == 2)
        #expect(submission.polls == 0)
        #expect(submission.foreignURLs == [])
        #expect(submission.warnings == [])
        #expect(submission.nextPollAt == start + .seconds(13))
    }

    @Test(
        arguments: [(JobFailure.Code.noImage, true), (.foreignHost, true), (.lostAtKrea, true), (.timedOut, true)]
            + [.refused, .contentRefused, .generationFailed, .outOfCompute, .submissionUnconfirmed, .restored].map { ($0, false) })
    func `Krea is asked again only where it may still have the picture`(code: JobFailure.Code, isAsked: Bool) throws {
        var submission = try running()
        try submission.finish(code == .timedOut ? .timedOut : .failed, JobFailure(code), at: start)
        #expect(submission.canBeResumed == isAsked)
        if isAsked {
            try submission.resume(at: start, rules: rules)
        } else {
            #expect(throws: IllegalTransition.self) { try submission.resume(at: start, rules: rules) }
        }
    }

    @Test func `failed keeps the reason that Krea gave`() throws {
        let reason = JobFailure(.contentRefused, detail: "nsfw")
        #expect(try polled("failed", failure: reason).failure == reason)
        #expect(try polled("failed").failure == JobFailure(.generationFailed))
    }

    @Test func `cancelled at Krea is the end`() throws {
        #expect(try polled("cancelled").state == .cancelled)
    }

    @Test func `the first poll comes 6 s after the answer to the submission`() throws {
        #expect(try running().nextPollAt == start + .seconds(6))
    }

    @Test func `a poll that is never recorded leaves room for its time-out`() throws {
        var submission = try running()
        _ = try submission.claimForPoll(at: start + .seconds(6), rules: rules)
        #expect(submission.nextPollAt == start + .seconds(6 + 30 + 6))
        #expect(submission.polls == 1)
    }

    @Test func `the poll that got a 429 waits 60 s`() throws {
        var submission = try running()
        _ = try submission.claimForPoll(at: start, rules: rules)
        try submission.recordPoll(.rateLimited(retryAfter: nil), at: start, rules: rules)
        #expect(submission.nextPollAt == start + .seconds(60))
    }

    @Test(arguments: [
        (CallResult<KreaJob>.answered(KreaJob(id: "k1", status: "processing")), JobState.timedOut, JobFailure.Code.timedOut),
        (.noAnswer, .timedOut, .timedOut),
        (.rateLimited(retryAfter: nil), .timedOut, .timedOut),
        (.gone(), .failed, .lostAtKrea),
    ])
    func `the 40th poll is the last, the 39th is not`(outcome: CallResult<KreaJob>, state: JobState, code: JobFailure.Code) throws {
        var submission = try running()
        for poll in 1...40 {
            #expect(submission.state == .running, "before poll \(poll)")
            _ = try submission.claimForPoll(at: start, rules: rules)
            try submission.recordPoll(outcome, at: start, rules: rules)
        }
        #expect(submission.state == state)
        #expect(submission.failure?.code == code)
    }

    @Test func `a picture in the answer to the 40th poll counts`() throws {
        var submission = try running()
        submission.polls = 39
        _ = try submission.claimForPoll(at: start, rules: rules)
        try submission.recordPoll(
            .answered(KreaJob(id: "k1", status: "completed", urls: ["https://gen.krea.ai/1.png"])), at: start, rules: rules)
        #expect(submission.state == .completed)
    }

    @Test func `a call counts as interrupted when its time-out and the interval are over, not before`() throws {
        var submission = Submission()
        #expect(submission.interruptedFrom(rules) == nil)
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        #expect(submission.interruptedFrom(rules) == start + .seconds(40))
    }

    @Test func `a warning that Krea's answers repeat is said once`() throws {
        var submission = try running()
        let job = KreaJob(id: "k1", status: "processing", warnings: [.longerQueue])
        try submission.recordPoll(.answered(job), at: start, rules: rules)
        try submission.recordPoll(.answered(job), at: start, rules: rules)
        #expect(submission.warnings == [.longerQueue])
    }

    @Test func `a poll that did not reach Krea is not used up, and the next one comes after the usual time`() throws {
        var submission = try running()
        for second in 0..<100 {
            let now = start + .seconds(second * 7)
            #expect(try submission.claimForPoll(at: now, rules: rules))
            try submission.recordPoll(.notSent, at: now, rules: rules)
            #expect(submission.polls == 0)
            #expect(submission.nextPollAt == now + rules.pollInterval)
        }
        #expect(submission.state == .running)
    }

    @Test func `a poll or a cancellation that ends after the submission has changes nothing`() throws {
        var submission = try polled("failed")
        let before = submission
        try submission.recordPoll(.noAnswer, at: start + .seconds(9), rules: rules)
        try submission.recordCancel(.answered(Accepted()), at: start + .seconds(9), rules: rules)
        #expect(submission == before)
    }

    @Test func `the end of a paid call that nobody makes is refused`() throws {
        var submission = Submission()
        #expect(throws: IllegalTransition(from: .waiting, to: .unconfirmed)) {
            try submission.recordSubmit(.noAnswer, at: start, rules: rules)
        }
    }

    @Test func `what is cancelled while it is submitted is cancelled at Krea once Krea has it`() throws {
        var submission = Submission()
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        try submission.cancel(at: start)
        #expect(submission.nextCancelAt == nil)
        try submission.recordSubmit(.answered(KreaJob(id: "k1", status: "queued")), at: start + .seconds(1), rules: rules)
        #expect(submission.state == .running)
        #expect(submission.nextCancelAt == start + .seconds(1))
    }

    @Test func `polls that were claimed and never recorded count, the 41st is not claimed`() throws {
        var submission = try running()
        for _ in 1...40 { #expect(try submission.claimForPoll(at: start, rules: rules)) }
        #expect(try !submission.claimForPoll(at: start, rules: rules))
        #expect(submission.state == .timedOut)
    }

    @Test func `who looks again at a job whose last poll got a 429 waits for the rest of its pause`() throws {
        var submission = try running()
        submission.polls = 39
        _ = try submission.claimForPoll(at: start, rules: rules)
        try submission.recordPoll(.rateLimited(retryAfter: nil), at: start, rules: rules)
        #expect(submission.state == .timedOut)
        try submission.resume(at: start + .seconds(20), rules: rules)
        #expect(submission.nextPollAt == start + .seconds(60))
        #expect(submission.polls == 0)
        #expect(submission.pollRound == 2)
    }
}
