@testable import Jobs
import TestSupport
import Testing

/// Asking for the present addresses of a job that has completed.
@Suite struct RefreshTests {
    private let rules = PaceRules()
    private let start = Timestamp(milliseconds: 1_000_000)
    private let old = ["https://gen.krea.ai/1.png?a", "https://gen.krea.ai/2.png?a"]

    private func completed() throws -> Submission {
        var submission = Submission(pictures: 2)
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        try submission.recordSubmit(.answered(KreaJob(id: "k1", status: "queued")), at: start, rules: rules)
        try submission.recordPoll(.answered(KreaJob(id: "k1", status: "completed", urls: old)), at: start, rules: rules)
        return submission
    }

    /// A completed submission whose only allowed poll was claimed.
    private func asked() throws -> Submission {
        var submission = try completed()
        _ = submission.planRefresh(at: start + .seconds(20), rules: rules)
        #expect(try submission.claimForPoll(at: start + .seconds(20), rules: rules))
        return submission
    }

    @Test func `Krea is asked 6 s after its latest answer at the earliest, in a look of its own, and only once`() throws {
        var submission = try completed()
        #expect(submission.pollDueAt == nil)
        let isPlanned = submission.planRefresh(at: start + .seconds(1), rules: rules)
        #expect(isPlanned)
        #expect(submission.pollDueAt == start + .seconds(6))
        #expect(submission.pollRound == 2)
        #expect(submission.polls == 0)
        let isPlannedTwice = submission.planRefresh(at: start + .seconds(2), rules: rules)
        #expect(!isPlannedTwice)
        #expect(try submission.claimForPoll(at: start + .seconds(6), rules: rules))
        #expect(submission.pollDueAt == start + .seconds(42))
        try submission.recordPoll(.answered(KreaJob(id: "k1", status: "completed", urls: old)), at: start + .seconds(7), rules: rules)
        #expect(submission.state == .completed)
        #expect(submission.pollDueAt == nil)
        let isPlannedAgain = submission.planRefresh(at: start + .seconds(600), rules: rules)
        #expect(!isPlannedAgain)
    }

    @Test(arguments: [
        (KreaJob(id: "k1", status: "completed", urls: ["n1", "n2"]), ["n1", "n2"]),
        (KreaJob(id: "k1", status: "completed", urls: ["n1", "n2"] + (3...16).map { "n\($0)" }), ["n1", "n2"]),
        (KreaJob(id: "k1", status: "completed", urls: ["n1"]), nil),
        (KreaJob(id: "k1", status: "completed"), nil), (KreaJob(id: "k1", status: "failed"), nil),
        (KreaJob(id: "k1", status: "processing", urls: ["n1", "n2"]), nil),
    ])
    func `addresses are taken over only where none gets lost, and the submission stays completed`(krea: KreaJob, urls: [String]?) throws {
        var submission = try asked()
        try submission.recordPoll(.answered(krea), at: start + .seconds(21), rules: rules)
        #expect(submission.urls == urls ?? old)
        #expect(submission.state == .completed)
        #expect(submission.failure == nil)
        #expect(submission.finishedAt == start)
    }

    @Test(arguments: [(CallResult<KreaJob>.noAnswer, 6), (.unauthorised(), 6), (.rateLimited(retryAfter: nil), 60)])
    func `a poll that brings no word of Krea's is made again, three times in all`(outcome: CallResult<KreaJob>, pause: Int) throws {
        var submission = try asked()
        for poll in 1...3 {
            let now = start + .seconds(100 * poll)
            try submission.recordPoll(outcome, at: now, rules: rules)
            #expect(submission.pollDueAt == (poll < 3 ? now + .seconds(pause) : nil))
            if poll < 3 { #expect(try submission.claimForPoll(at: now + .seconds(pause), rules: rules)) }
        }
        #expect(submission.urls == old)
        #expect(submission.state == .completed)
    }

    @Test func `a poll that did not reach Krea is none of them`() throws {
        var submission = try asked()
        for second in 1...50 {
            try submission.recordPoll(.notSent, at: start + .seconds(second), rules: rules)
            #expect(submission.pollDueAt == start + .seconds(second + 6))
            _ = try submission.claimForPoll(at: start + .seconds(second), rules: rules)
        }
        try submission.recordPoll(.gone(), at: start + .seconds(60), rules: rules)
        #expect(submission.pollDueAt == nil)
    }

    @Test func `an expired address is told by its bytes, not by what it looks like`() throws {
        let urls = ["https://gen.krea.ai/e\u{301}.png", "https://gen.krea.ai/\u{E9}.png"]
        var job = try Job.sample(at: start)
        job.submissions = try urls.map { url in
            var submission = try completed()
            submission.urls = [url]
            return submission
        }
        let isPlanned = job.planRefresh(of: urls[1], at: start, rules: rules)
        #expect(isPlanned)
        #expect(job.submissions.map(\.pollDueAt) == [nil, start + .seconds(6)])
    }

    @Test func `what has not completed is not asked for again because of a picture`() throws {
        var submission = try completed()
        submission.state = .failed
        let isPlanned = submission.planRefresh(at: start, rules: rules)
        #expect(!isPlanned)
    }
}
