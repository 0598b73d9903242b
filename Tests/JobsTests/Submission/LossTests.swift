import TestSupport
import Testing

@testable import Jobs

/// Submissions whose answers are lost: what counts as an attempt that came to nothing, and what counts against a job.
@Suite struct LossTests {
    private let rules = PaceRules()
    private let start = Timestamp(milliseconds: 1_000_000)

    /// A submission that was sent, lost and proved absent, each time as `pace` sees it then.
    private func lose(_ submission: inout Submission, _ pace: inout Pace, at now: Timestamp) throws {
        try submission.claimForSubmit(at: now, by: 1, route: "bfl/flux-1-dev")
        let isFirst = submission.failedAttempts == 0
        try submission.recordSubmit(.noAnswer, at: now, rules: rules)
        pace.recordSubmit(.noAnswer, isFirstAttempt: isFirst, at: now, rules: rules)
        _ = try submission.settle(.absent, mayResend: true, isLate: true, behind: 7, pace: &pace, at: now + .seconds(36), rules: rules)
    }

    private func take(_ pace: inout Pace, at now: Timestamp) {
        pace.recordSubmit(.answered(KreaJob(id: "k", status: "queued")), at: now, rules: rules)
    }

    @Test func `what never arrived goes behind everything that waits, for a distance that grows`() throws {
        var (submission, pace) = (Submission(), Pace())
        try lose(&submission, &pace, at: start)
        #expect(submission.state == .waiting)
        #expect(submission.failedAttempts == 1)
        #expect(submission.startedAt == nil)
        #expect(submission.place == 8)
        #expect(submission.notBefore == start + .seconds(36 + 30))
        take(&pace, at: start + .seconds(50))
        try lose(&submission, &pace, at: start + .seconds(100))
        #expect(submission.failedAttempts == 2)
        #expect(submission.notBefore == start + .seconds(100 + 36 + 120))
    }

    @Test func `with the third attempt that came to nothing while Krea took others a submission fails, and costs nothing`() throws {
        var (submission, pace) = (Submission(), Pace())
        for attempt in 0..<3 {
            try lose(&submission, &pace, at: start + .seconds(1000 * attempt))
            if attempt == 0 { take(&pace, at: start + .seconds(500)) }
        }
        #expect(submission.state == .failed)
        #expect(submission.failure?.code == .notTaken)
        #expect(submission.failedAttempts == 3)
        #expect(submission.isFree)
        #expect(submission.startedAt == nil)
    }

    @Test func `while Krea takes nothing no submission fails, however often it is tried`() throws {
        var (one, other, pace) = (Submission(), Submission(), Pace())
        for attempt in 0..<20 {
            try lose(&one, &pace, at: start + .seconds(2000 * attempt))
            try lose(&other, &pace, at: start + .seconds(2000 * attempt + 1000))
        }
        #expect(one.state == .waiting)
        #expect(one.failedAttempts == 20)
        #expect(one.strikes == 1)
        #expect(other.state == .waiting)
        #expect(other.failedAttempts == 20)
        // What was lost in the outage does not count when it is over.
        take(&pace, at: start + .seconds(50_000))
        try lose(&one, &pace, at: start + .seconds(51_000))
        #expect(one.state == .waiting)
        #expect(one.strikes == 2)
    }

    @Test func `an attempt does not count while another is in doubt that was sent for the first time`() throws {
        var (known, fresh, pace) = (Submission(), Submission(), Pace())
        try lose(&known, &pace, at: start)
        take(&pace, at: start + .seconds(100))
        try lose(&fresh, &pace, at: start + .seconds(200))
        for attempt in 1...5 { try lose(&known, &pace, at: start + .seconds(1000 * attempt)) }
        #expect(known.state == .waiting)
        #expect(known.strikes == 1)
        take(&pace, at: start + .seconds(9000))
        for attempt in 10...11 { try lose(&known, &pace, at: start + .seconds(1000 * attempt)) }
        #expect(known.failure?.code == .notTaken)
    }

    @Test(
        arguments: [
            .rateLimited(retryAfter: nil), .notSent, .gone(),
        ] as [CallResult<KreaJob>])
    func `what did not reach Krea, or was answered, is no attempt that came to nothing, and keeps its place`(outcome: CallResult<KreaJob>)
        throws
    {
        var (submission, pace) = (Submission(), Pace())
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        try submission.recordSubmit(outcome, at: start, rules: rules)
        pace.recordSubmit(outcome, at: start, rules: rules)
        #expect(submission.state == .waiting)
        #expect(submission.failedAttempts == 0)
        #expect(submission.place == nil)
        #expect(submission.notBefore == nil)
        #expect(pace.lostSubmits == 0)
        #expect(pace.lossHoldUntil == .epoch)
    }

    @Test func `what is found in the list is no attempt that came to nothing, and shows that Krea takes submissions`() throws {
        var (submission, pace) = (Submission(), Pace())
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        try submission.recordSubmit(.noAnswer, at: start, rules: rules)
        for _ in 0..<4 { pace.recordSubmit(.noAnswer, at: start, rules: rules) }
        let found = ReconciliationResult.found(KreaJob(id: "k", status: "queued"))
        _ = try submission.settle(found, mayResend: true, isLate: true, behind: 7, pace: &pace, at: start + .seconds(36), rules: rules)
        #expect(submission.state == .running)
        #expect(submission.failedAttempts == 0)
        #expect(pace.latestTakenAt == start)
        #expect(pace.lostSubmits == 0)
        #expect(pace.hold(at: start + .seconds(36)) == nil)
    }

    @Test func `what is not wanted any more is cancelled when it is proved absent, and not sent again`() throws {
        var (submission, pace) = (Submission(), Pace())
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        try submission.recordSubmit(.noAnswer, at: start, rules: rules)
        try submission.cancel(at: start)
        _ = try submission.settle(.absent, mayResend: true, isLate: true, behind: 7, pace: &pace, at: start + .seconds(36), rules: rules)
        #expect(submission.state == .cancelled)
        #expect(submission.failedAttempts == 1)
    }

    @Test func `after lost submissions in a row the next comes later each time, up to a quarter of an hour, until Krea answers one`() {
        var pace = Pace()
        var waits: [Duration] = []
        for _ in 1...10 {
            pace.recordSubmit(.noAnswer, at: start, rules: rules)
            waits.append((pace.submitAllowedAt ?? start) - start)
        }
        #expect(waits == [10, 20, 40, 80, 160, 320, 640, 900, 900, 900].map { .seconds($0) })
        #expect(pace.hold(at: start) == .submissionsLost(until: start + .seconds(900)))
        #expect(pace.hold(at: start, ofWhatKreaHas: true) == nil)
        #expect(pace.callAllowedAt(start) == start)
        for outcome in [.answered(KreaJob(id: "k", status: "queued")), .refused(JobFailure(.refused))] as [CallResult<KreaJob>] {
            var answered = pace
            answered.recordSubmit(outcome, at: start, rules: rules)
            #expect(answered.submitAllowedAt == start + .seconds(10))
            #expect(answered.hold(at: start) == nil)
        }
    }

    @Test func `pauses stay within their bounds for any count and any interval`() {
        for seconds in [0.001, 0.1, 10, 3600] {
            var rules = PaceRules()
            rules.submitInterval = .seconds(seconds)
            for count in [Int.min, -1, 0, 1, 2, 1000, .max] {
                #expect((.zero...max(.seconds(900), rules.submitInterval)).contains(rules.pause(afterLosses: count)))
                #expect((rules.submitInterval...max(.seconds(900), rules.submitInterval)).contains(rules.pause(afterStrikes: count)))
            }
        }
    }

    @Test func `the clock moves along what waits for another attempt`() throws {
        var (submission, pace) = (Submission(), Pace())
        try lose(&submission, &pace, at: start)
        take(&pace, at: start + .seconds(50))
        let (before, taken) = (submission, pace)
        submission.shift(by: .seconds(-500))
        pace.shift(by: .seconds(-500))
        #expect(submission.notBefore == before.notBefore.map { $0 - .seconds(500) })
        #expect(submission.place == before.place)
        #expect(submission.firstLostAt == before.firstLostAt.map { $0 - .seconds(500) })
        #expect(pace.latestTakenAt == taken.latestTakenAt - .seconds(500))
        #expect(pace.countsAgainst(firstLostAt: try #require(submission.firstLostAt)))
    }
}
