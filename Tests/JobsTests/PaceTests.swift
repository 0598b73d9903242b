@testable import Jobs
import Testing

/// The rules of time, with both sides of each bound.
@Suite struct PaceTests {
    private let rules = PaceRules()
    private let start = Timestamp(milliseconds: 1_000_000)

    @Test func `the numbers are those of the brief`() {
        #expect(rules.submitInterval == .seconds(10))
        #expect(rules.pollInterval == .seconds(6))
        #expect(rules.maxPolls == 40)
        #expect(rules.rateLimitPause == .seconds(30))
        #expect(rules.pollRateLimitPause == .seconds(60))
    }

    struct SubmitRow {
        let outcome: SubmitOutcome
        /// Milliseconds from the answer to the next submission.
        let submitAfter: Int64
        /// Milliseconds from the answer to the next call of any kind.
        let silentFor: Int64
    }

    @Test(arguments: [
        SubmitRow(outcome: .accepted(KreaJob(id: "k", status: "queued")), submitAfter: 10_000, silentFor: 0),
        SubmitRow(outcome: .refused(JobFailure(.refused)), submitAfter: 10_000, silentFor: 0),
        SubmitRow(outcome: .notSent, submitAfter: 10_000, silentFor: 0),
        SubmitRow(outcome: .lost, submitAfter: 10_000, silentFor: 0),
        SubmitRow(outcome: .rateLimited(retryAfter: nil), submitAfter: 30_000, silentFor: 30_000),
        SubmitRow(outcome: .rateLimited(retryAfter: .seconds(5)), submitAfter: 30_000, silentFor: 30_000),
        SubmitRow(outcome: .rateLimited(retryAfter: .seconds(45)), submitAfter: 45_000, silentFor: 45_000),
    ])
    func `a submission that ended puts the next calls off, counted from its end`(row: SubmitRow) {
        var pace = Pace()
        pace.claimSubmit(at: start, rules: rules)
        let answered = start + .milliseconds(1_234)
        pace.recordSubmit(row.outcome, at: answered, rules: rules)
        #expect(pace.submitAllowedAt == answered + .milliseconds(row.submitAfter))
        #expect(pace.isSilent(at: answered + .milliseconds(row.silentFor - 1)) == (row.silentFor > 0))
        #expect(!pace.isSilent(at: answered + .milliseconds(row.silentFor)))
    }

    @Test func `a submission that is never recorded leaves room for its time-out`() {
        var pace = Pace()
        pace.claimSubmit(at: start, rules: rules)
        #expect(pace.submitAllowedAt == start + .seconds(40))
    }

    @Test func `a poll that got a 429 silences submissions and other polls for 30 s`() {
        var pace = Pace()
        pace.recordPoll(.rateLimited(retryAfter: nil), at: start, rules: rules)
        #expect(pace.submitAllowedAt == start + .seconds(30))
        #expect(pace.pollAllowedAt(start + .seconds(2)) == start + .seconds(30))
        #expect(pace.pollAllowedAt(start + .seconds(31)) == start + .seconds(31))
    }

    @Test(arguments: [PollOutcome.answered(KreaJob(id: "k", status: "processing")), .unknownJob, .noAnswer])
    func `a poll without a 429 changes nothing for others`(outcome: PollOutcome) {
        var pace = Pace()
        pace.recordPoll(outcome, at: start, rules: rules)
        #expect(pace == Pace())
    }

    @Test func `a later 429 never makes a silence shorter`() {
        var pace = Pace()
        pace.recordPoll(.rateLimited(retryAfter: .seconds(300)), at: start, rules: rules)
        pace.recordPoll(.rateLimited(retryAfter: nil), at: start + .seconds(1), rules: rules)
        #expect(pace.silentUntil == start + .seconds(300))
    }
}
