import TestSupport
import Testing

@testable import Jobs

/// What the operator's `continue` ends, and times that lie further ahead than any rule allows.
@Suite struct ReleaseTests {
    private let rules = PaceRules()
    private let now = Timestamp(milliseconds: 1_795_365_754_123)

    @Test(arguments: [
        CallResult<KreaJob>.rateLimited(retryAfter: .seconds(1_764_000_000_000)), .rateLimited(retryAfter: .seconds(Int64.max)),
    ])
    func `a Retry-After counts up to one hour`(outcome: CallResult<KreaJob>) {
        var pace = Pace()
        pace.record(outcome, at: now, rules: rules)
        #expect(pace.silentUntil == now + .seconds(3600))
        pace.record(outcome, at: now + .seconds(3600), rules: rules)
        #expect(pace.silentUntil == now + .seconds(7200))
    }

    @Test func `the operator ends what only Krea's wish made longer, never our own 30 s, and is told`() {
        var pace = Pace()
        pace.record(CallResult<KreaJob>.rateLimited(retryAfter: .seconds(600)), at: now, rules: rules)
        let ended = pace.release(isOperator: true, at: now + .seconds(5), rules: rules)
        #expect(ended == [.silence(until: now + .seconds(600), now: now + .seconds(30))])
        #expect(pace.callAllowedAt(now) == now + .seconds(30))
        #expect(pace.submitAllowedAt == now + .seconds(30))
        #expect(pace.release(isOperator: true, at: now + .seconds(6), rules: rules).isEmpty)
        #expect(pace.silentUntil == now + .seconds(30))
    }

    @Test func `our own silence is never made shorter, though Krea asked for less`() {
        var pace = Pace()
        for retryAfter in [nil, .zero, .seconds(-5), .seconds(29)] as [Duration?] {
            pace.record(CallResult<KreaJob>.rateLimited(retryAfter: retryAfter), at: now, rules: rules)
            #expect(pace.release(isOperator: true, at: now, rules: rules).isEmpty)
            #expect(pace.silentUntil == now + .seconds(30))
        }
    }

    @Test func `another token ends no silence and no pause`() {
        var pace = Pace()
        pace.record(CallResult<KreaJob>.rateLimited(retryAfter: .seconds(600)), at: now, rules: rules)
        pace.recordSubmit(.noAnswer, at: now, rules: rules)
        pace.recordSubmit(.noAnswer, at: now, rules: rules)
        pace.pause(because: "moving house")
        let before = pace
        #expect(pace.release(isOperator: false, at: now, rules: rules).isEmpty)
        #expect(pace == before)
    }

    @Test func `of a silence that an older version stored 30 s are left`() {
        var pace = Pace()
        pace.silentUntil = Timestamp(milliseconds: .max)
        let ended = pace.release(isOperator: true, at: now, rules: rules)
        #expect(ended == [.silence(until: Timestamp(milliseconds: .max), now: now + .seconds(30))])
        #expect(pace.silentUntil == now + .seconds(30))
    }

    @Test func `everything that holds the queue is ended and told, each in its own words`() {
        var pace = Pace()
        pace.recordSubmit(.refused(JobFailure(.outOfCompute)), at: now, rules: rules)
        pace.record(CallResult<KreaJob>.unauthorised(), at: now, rules: rules)
        pace.claimSubmit(.held(until: now + .seconds(50)), at: now, rules: rules)
        for _ in 1...3 { pace.recordSubmit(.noAnswer, at: now, rules: rules) }
        pace.pause(because: "moving house")
        #expect(
            pace.release(isOperator: true, at: now, rules: rules) == [
                .pause(because: "moving house"), .tokenRefused, .outOfCompute(until: now + .seconds(300)),
                .spendLimit(until: now + .seconds(50)), .submissionsLost(until: now + .seconds(40)),
            ])
        #expect(pace.submitAllowedAt == now + rules.submitInterval)
        #expect(pace.hold(at: now) == nil)
    }

    /// A year ahead, and as far as there are times.
    @Test(arguments: [Timestamp(milliseconds: 1_826_901_754_123), Timestamp(milliseconds: .max)])
    func `times that no rule can have put so far ahead are brought back, and nothing else`(future: Timestamp) {
        var pace = Pace()
        pace.nextSubmitAt = future
        pace.plannedSubmitAt = future
        pace.silentUntil = future
        pace.ruledSilenceUntil = future
        pace.creditHoldUntil = future
        pace.spendHoldUntil = future
        pace.lossHoldUntil = future
        pace.nextListAt = future
        pace.nextCatalogueAt = future
        pace.catalogueAskedAt = future
        pace.latestTakenAt = future
        pace.unanswered = now...future
        #expect(pace.bound(at: now, rules: rules) == 12)
        #expect(pace.submitAllowedAt.map { $0 <= now + .seconds(86_400) } ?? false)
        #expect(pace.callAllowedAt(now) == now + .seconds(3600))
        #expect(pace.nextListAt <= now + .seconds(300))
        #expect(pace.nextCatalogueAt <= now + .seconds(86_400))
        #expect(pace.bound(at: now, rules: rules) == 0)

        var submission = Submission()
        submission.nextPollAt = future
        submission.soonestPollAt = future
        submission.nextCancelAt = future
        submission.notBefore = future
        submission.firstLostAt = future
        #expect(submission.bound(at: now, rules: rules) == 5)
        #expect(submission.nextPollAt == now + .seconds(60))
        #expect(submission.notBefore == now + .seconds(900))
        #expect(submission.bound(at: now, rules: rules) == 0)
    }

    @Test func `what the rules do put ahead is never brought back`() throws {
        var pace = Pace()
        pace.claimSubmit(at: now, rules: rules)
        pace.claimList(at: now, rules: rules)
        pace.claimCatalogue(at: now, rules: rules)
        for _ in 1...20 {
            pace.recordSubmit(.rateLimited(retryAfter: .seconds(9999)), at: now, rules: rules)
            pace.recordList(.noAnswer, at: now, rules: rules)
            pace.recordSubmit(.noAnswer, at: now, rules: rules)
        }
        pace.recordSubmit(.answered(KreaJob(id: "k", status: "queued")), at: now, rules: rules)
        pace.recordSubmit(.refused(JobFailure(.outOfCompute)), at: now, rules: rules)
        pace.recordCatalogue(.answered([]), at: now, rules: rules)
        let before = pace
        #expect(pace.bound(at: now, rules: rules) == 0)
        #expect(pace == before)

        var submission = Submission()
        try submission.claimForSubmit(at: now, by: 1, route: "bfl/flux-1-dev")
        try submission.recordSubmit(.answered(KreaJob(id: "k", status: "queued")), at: now, rules: rules)
        _ = try submission.claimForPoll(at: now, rules: rules)
        #expect(submission.bound(at: now, rules: rules) == 0)
        try submission.recordPoll(.rateLimited(retryAfter: .seconds(9999)), at: now, rules: rules)
        submission.claimForCancel(at: now, rules: rules)
        #expect(submission.bound(at: now, rules: rules) == 0)
    }

    @Test func `a call that ended in a future that never was cannot be told from others, and is not sent again`() {
        let (wrong, hour) = (now + .seconds(86_400 * 365), Duration.seconds(3600))
        #expect(ReconciliationResult.ofAWrongClock(lostAt: wrong, kreaTime: now, receivedAt: now) == .ambiguous)
        // Krea's clock agrees with the time of the call: it is ours that is wrong now.
        #expect(ReconciliationResult.ofAWrongClock(lostAt: wrong, kreaTime: wrong + hour, receivedAt: now) == nil)
        #expect(ReconciliationResult.ofAWrongClock(lostAt: wrong, kreaTime: nil, receivedAt: now) == nil)
        #expect(ReconciliationResult.ofAWrongClock(lostAt: now + hour, kreaTime: now, receivedAt: now) == nil)
    }
}
