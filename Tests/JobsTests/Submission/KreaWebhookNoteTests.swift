@testable import Jobs
import Testing

/// What a webhook of Krea's does to a submission.
@Suite struct KreaWebhookNoteTests {
    private let rules = PaceRules()
    private let start = Timestamp(milliseconds: 1_000_000)

    /// Accepted at `start`.
    private func running() throws -> Submission {
        var submission = Submission()
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        try submission.recordSubmit(.answered(KreaJob(id: "k", status: "queued")), at: start, rules: rules)
        return submission
    }

    /// Asked so often, the last time answered at `start`.
    private func polled(_ times: Int, _ outcome: CallResult<KreaJob> = .answered(KreaJob(id: "k", status: "processing"))) throws
        -> Submission
    {
        var submission = try running()
        for _ in 0..<times {
            _ = try submission.claimForPoll(at: start, rules: rules)
            try submission.recordPoll(outcome, at: start, rules: rules)
        }
        return submission
    }

    @Test(arguments: [(0, 5000), (4999, 5000), (5000, 5000), (5001, 5001), (5999, 5999), (6000, 6000), (9000, 6000)])
    func `a hint brings the next poll to now, at the earliest 5 s after the last, and never puts it off`(at: Int, due: Int) throws {
        for var submission in [try running(), try polled(3)] {
            #expect(try submission.noteKreaWebhook(at: start + .milliseconds(at), rules: rules))
            #expect(submission.nextPollAt == start + .milliseconds(due))
        }
    }

    @Test func `a second hint before the poll changes nothing`() throws {
        var submission = try running()
        #expect(try submission.noteKreaWebhook(at: start + .seconds(1), rules: rules))
        let once = submission
        #expect(try !submission.noteKreaWebhook(at: start + .seconds(2), rules: rules))
        #expect(submission == once)
    }

    @Test func `a hint is used up by one poll`() throws {
        var submission = try running()
        _ = try submission.noteKreaWebhook(at: start, rules: rules)
        let poll = start + .seconds(5)
        #expect(try submission.claimForPoll(at: poll, rules: rules))
        #expect(submission.polls == 1)
        try submission.recordPoll(.answered(KreaJob(id: "k", status: "processing")), at: poll, rules: rules)
        #expect(submission.nextPollAt == poll + .seconds(6))
    }

    @Test func `a hint while a poll is on its way moves nothing until that is over, then the next comes 5 s later`() throws {
        var submission = try running()
        let poll = start + .seconds(6)
        _ = try submission.claimForPoll(at: poll, rules: rules)
        #expect(try submission.noteKreaWebhook(at: poll + .seconds(1), rules: rules))
        #expect(submission.nextPollAt == poll + .seconds(36))
        try submission.recordPoll(.answered(KreaJob(id: "k", status: "processing")), at: poll + .seconds(2), rules: rules)
        #expect(submission.nextPollAt == poll + .seconds(7))
    }

    @Test func `a hint before the answer to the paid call is kept for the first poll`() throws {
        var submission = Submission()
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        #expect(try submission.noteKreaWebhook(at: start, rules: rules))
        #expect(try !submission.noteKreaWebhook(at: start, rules: rules))
        try submission.recordSubmit(.answered(KreaJob(id: "k", status: "queued")), at: start + .seconds(1), rules: rules)
        #expect(submission.nextPollAt == start + .seconds(6))
    }

    @Test func `a hint while the answer is lost is kept until Krea's list has the job`() throws {
        var submission = Submission()
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        try submission.recordSubmit(.noAnswer, at: start, rules: rules)
        #expect(try submission.noteKreaWebhook(at: start, rules: rules))
        #expect(submission.state == .unconfirmed)
        var pace = Pace()
        _ = try submission.settle(
            .found(KreaJob(id: "k", status: "queued")), mayResend: false, isLate: true, behind: 1, pace: &pace, at: start + .seconds(1),
            rules: rules)
        #expect(submission.nextPollAt == start + .seconds(6))
    }

    @Test func `a paid call that is made again has a key of its own and no hint`() throws {
        var generator = SystemRandomNumberGenerator()
        let keys = [WebhookKey.random(using: &generator), WebhookKey.random(using: &generator)]
        var submission = Submission()
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev", webhookKey: keys[0])
        _ = try submission.noteKreaWebhook(at: start, rules: rules)
        try submission.recordSubmit(.rateLimited(retryAfter: nil), at: start, rules: rules)
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev", webhookKey: keys[1])
        #expect(submission.webhookKey == keys[1])
        #expect(!submission.hasKreaCalled)
    }

    @Test func `a hint does not shorten the pause after a 429`() throws {
        var submission = try polled(1, .rateLimited(retryAfter: nil))
        #expect(try submission.noteKreaWebhook(at: start + .seconds(1), rules: rules))
        #expect(submission.nextPollAt == start + .seconds(60))
    }

    @Test func `a hint for what timed out brings one more answer, in a look of its own`() throws {
        var submission = try polled(40)
        #expect(submission.state == .timedOut)
        #expect(try submission.noteKreaWebhook(at: start + .seconds(2), rules: rules))
        #expect(submission.state == .running)
        #expect(submission.pollRound == 2)
        #expect(submission.failure == nil)
        #expect(submission.finishedAt == nil)
        #expect(submission.nextPollAt == start + .seconds(5))
        _ = try submission.claimForPoll(at: start + .seconds(5), rules: rules)
        try submission.recordPoll(.answered(KreaJob(id: "k", status: "processing")), at: start + .seconds(5), rules: rules)
        #expect(submission.state == .timedOut)
        #expect(submission.failure?.code == .timedOut)
    }

    @Test func `the answer that a hint brought can be the picture`() throws {
        var submission = try polled(40)
        _ = try submission.noteKreaWebhook(at: start + .seconds(600), rules: rules)
        #expect(submission.nextPollAt == start + .seconds(600))
        _ = try submission.claimForPoll(at: start + .seconds(600), rules: rules)
        let done = KreaJob(id: "k", status: "completed", urls: ["https://gen.krea.ai/1.png"])
        try submission.recordPoll(.answered(done), at: start + .seconds(601), rules: rules)
        #expect(submission.state == .completed)
    }

    @Test(arguments: [CallResult<KreaJob>.noAnswer, .notSent, .rateLimited(retryAfter: nil), .unauthorised()])
    func `a poll that brings no word of Krea's does not use the hint up`(outcome: CallResult<KreaJob>) throws {
        var submission = try polled(40)
        _ = try submission.noteKreaWebhook(at: start, rules: rules)
        _ = try submission.claimForPoll(at: start + .seconds(5), rules: rules)
        try submission.recordPoll(outcome, at: start + .seconds(5), rules: rules)
        #expect(submission.state == .running)
    }

    @Test func `a job that Krea does not know after a hint is timed out again, not lost`() throws {
        var submission = try polled(40)
        _ = try submission.noteKreaWebhook(at: start, rules: rules)
        _ = try submission.claimForPoll(at: start + .seconds(5), rules: rules)
        try submission.recordPoll(.gone(), at: start + .seconds(5), rules: rules)
        #expect(submission.state == .timedOut)
    }

    @Test func `hints for what timed out are good for 40 polls together, in one look, each 5 s after the last`() throws {
        var submission = try polled(40)
        var now = start
        for poll in 1...40 {
            #expect(try submission.noteKreaWebhook(at: now, rules: rules))
            #expect(submission.pollRound == 2)
            #expect(submission.nextPollAt == now + .seconds(5))
            now = now + .seconds(5)
            _ = try submission.claimForPoll(at: now, rules: rules)
            #expect(submission.polls == poll)
            try submission.recordPoll(.answered(KreaJob(id: "k", status: "processing")), at: now, rules: rules)
            #expect(submission.state == .timedOut)
        }
        let end = submission
        #expect(try !submission.noteKreaWebhook(at: now + .seconds(600), rules: rules))
        #expect(submission == end)
        // A person may always look again.
        try submission.resume(at: now, rules: rules)
        #expect(submission.pollRound == 3)
        _ = try submission.claimForPoll(at: now + .seconds(6), rules: rules)
        try submission.recordPoll(.answered(KreaJob(id: "k", status: "processing")), at: now + .seconds(6), rules: rules)
        #expect(submission.state == .running)
    }

    @Test func `a hint during the 40th poll is not lost`() throws {
        var submission = try polled(39)
        _ = try submission.claimForPoll(at: start, rules: rules)
        _ = try submission.noteKreaWebhook(at: start, rules: rules)
        try submission.recordPoll(.answered(KreaJob(id: "k", status: "processing")), at: start + .seconds(1), rules: rules)
        #expect(submission.state == .running)
        #expect(submission.pollRound == 2)
        #expect(submission.nextPollAt == start + .seconds(6))
    }

    @Test func `a hint for what waits or has ended changes nothing`() throws {
        var waiting = Submission()
        var cancelled = Submission()
        try cancelled.cancel(at: start)
        var completed = try polled(1, .answered(KreaJob(id: "k", status: "completed", urls: ["https://gen.krea.ai/1.png"])))
        var failed = try polled(1, .answered(KreaJob(id: "k", status: "failed")))
        #expect(try !waiting.noteKreaWebhook(at: start, rules: rules))
        #expect(try !cancelled.noteKreaWebhook(at: start, rules: rules))
        #expect(try !completed.noteKreaWebhook(at: start, rules: rules))
        #expect(try !failed.noteKreaWebhook(at: start, rules: rules))
        #expect([waiting, cancelled, completed, failed].map(\.state) == [.waiting, .cancelled, .completed, .failed])
    }

    @Test func `a submission of an older version, of which no earliest moment is known, keeps its next poll`() throws {
        var submission = try running()
        submission.soonestPollAt = nil
        _ = try submission.noteKreaWebhook(at: start + .seconds(1), rules: rules)
        #expect(submission.nextPollAt == start + .seconds(6))
    }

    @Test func `when the clock is put back the earliest moment moves along`() throws {
        var submission = try running()
        submission.shift(by: .seconds(-3600))
        _ = try submission.noteKreaWebhook(at: start - .seconds(3600), rules: rules)
        #expect(submission.nextPollAt == start - .seconds(3595))
    }
}
