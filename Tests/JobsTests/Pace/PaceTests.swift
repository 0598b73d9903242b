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
        let outcome: CallResult<KreaJob>
        /// Milliseconds from the answer to the next submission.
        let submitAfter: Int64
        /// Milliseconds from the answer to the next call of any kind.
        let silentFor: Int64
    }

    @Test(arguments: [
        SubmitRow(outcome: .answered(KreaJob(id: "k", status: "queued")), submitAfter: 10_000, silentFor: 0),
        SubmitRow(outcome: .refused(JobFailure(.refused)), submitAfter: 10_000, silentFor: 0),
        SubmitRow(outcome: .notSent, submitAfter: 10_000, silentFor: 0),
        SubmitRow(outcome: .noAnswer, submitAfter: 10_000, silentFor: 0),
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
        #expect(pace.callAllowedAt(answered) == answered + .milliseconds(row.silentFor))
    }

    @Test func `a submission that is never recorded leaves room for its time-out`() {
        var pace = Pace()
        pace.claimSubmit(at: start, rules: rules)
        #expect(pace.submitAllowedAt == start + .seconds(40))
    }

    @Test func `a poll that got a 429 silences submissions and other polls for 30 s`() {
        var pace = Pace()
        pace.record(CallResult<KreaJob>.rateLimited(retryAfter: nil), at: start, rules: rules)
        #expect(pace.submitAllowedAt == start + .seconds(30))
        #expect(pace.callAllowedAt(start + .seconds(2)) == start + .seconds(30))
        #expect(pace.callAllowedAt(start + .seconds(31)) == start + .seconds(31))
    }

    @Test func `what people are told while a call is made is what holds when it is answered at once`() {
        var pace = Pace()
        pace.claimSubmit(at: start, rules: rules)
        #expect(pace.plannedSubmitAt == start + .seconds(10))
        pace.recordSubmit(.notSent, at: start, rules: rules)
        #expect(pace.plannedSubmitAt == pace.nextSubmitAt)
    }

    @Test func `a 402 holds submissions for 5 minutes, not polls`() {
        var pace = Pace()
        pace.recordSubmit(.refused(JobFailure(.outOfCompute)), at: start, rules: rules)
        #expect(pace.submitAllowedAt == start + .seconds(300))
        #expect(pace.callAllowedAt(start) == start)
        #expect(pace.hold(at: start + .milliseconds(299_999)) == .outOfCompute(until: start + .seconds(300)))
        #expect(pace.hold(at: start + .seconds(300)) == nil)
    }

    @Test func `a 401 holds every call until it is released`() {
        for record in [
            { $0.recordSubmit(.unauthorised(), at: start, rules: rules) },
            { $0.record(CallResult<KreaJob>.unauthorised(), at: start, rules: rules) },
            { $0.record(CallResult<Accepted>.unauthorised(), at: start, rules: rules) },
            { $0.recordList(.unauthorised(), at: start, rules: rules) },
        ] as [(inout Pace) -> Void] {
            var pace = Pace()
            record(&pace)
            #expect(pace.submitAllowedAt == nil)
            #expect(pace.callAllowedAt(start) == nil)
            #expect(pace.hold(at: start) == .tokenRefused)
            #expect(pace.release(isOperator: true, at: start, rules: rules) == [.tokenRefused])
            #expect(pace.hold(at: start) == nil)
        }
    }

    @Test func `submissions that get a 429 again and again come rarer, at least every 5 minutes, and leave room for polls`() {
        var pace = Pace()
        var waits: [Duration] = []
        for _ in 1...6 {
            pace.recordSubmit(.rateLimited(retryAfter: nil), at: start, rules: rules)
            waits.append(pace.submitAllowedAt! - start)
        }
        #expect(waits == [30, 60, 120, 240, 300, 300].map { .seconds($0) })
        #expect(pace.callAllowedAt(start) == start + .seconds(30))
        pace.recordSubmit(.notSent, at: start, rules: rules)
        pace.recordSubmit(.rateLimited(retryAfter: nil), at: start, rules: rules)
        #expect(pace.submitAllowedAt == start + .seconds(30))
    }

    @Test func `looks at the list come 6 s apart, and rarer while they bring nothing, but at least every 5 minutes`() {
        var pace = Pace()
        var waits: [Duration] = []
        for _ in 1...8 {
            pace.recordList(.noAnswer, at: start, rules: rules)
            waits.append(pace.nextListAt - start)
        }
        #expect(waits == [12, 24, 48, 96, 192, 300, 300, 300].map { .seconds($0) })
        let answered = CallResult<AccountList>.answered(AccountList(AccountPage(jobs: [], end: .last, kreaTime: nil), askedAt: start))
        pace.recordList(answered, isUndecided: true, at: start, rules: rules)
        #expect(pace.nextListAt == start + .seconds(300))
        pace.recordList(answered, at: start, rules: rules)
        #expect(pace.nextListAt == start + .seconds(6))
    }

    @Test(arguments: [3600, -3600])
    func `a clock that is put forward or back changes no wait`(seconds: Int) {
        var pace = Pace()
        pace.recordSubmit(.rateLimited(retryAfter: nil), at: start, rules: rules)
        pace.claimList(at: start, rules: rules)
        let before = pace
        pace.shift(by: .seconds(seconds))
        let now = start + .seconds(seconds)
        #expect(pace.nextSubmitAt - now == before.nextSubmitAt - start)
        #expect(pace.silentUntil - now == before.silentUntil - start)
        #expect(pace.nextListAt - now == before.nextListAt - start)
    }

    @Test(arguments: [CallResult<KreaJob>.answered(KreaJob(id: "k", status: "processing")), .gone(), .notSent, .noAnswer])
    func `a poll without a 429 changes nothing for others`(outcome: CallResult<KreaJob>) {
        var pace = Pace()
        pace.record(outcome, at: start, rules: rules)
        pace.unanswered = nil
        #expect(pace == Pace())
    }

    @Test func `calls that get no answer of use for half a minute are told, from the first of them on, until one gets one`() {
        var pace = Pace()
        let later = start + .seconds(30)
        pace.recordSubmit(.notSent, at: start, rules: rules)
        pace.record(CallResult<KreaJob>.noAnswer, at: later - .milliseconds(1), rules: rules)
        #expect(pace.hold(at: later) == nil)
        pace.record(CallResult<KreaJob>.notSent, at: later, rules: rules)
        for ofWhatKreaHas in [false, true] { #expect(pace.hold(at: later, ofWhatKreaHas: ofWhatKreaHas) == .unanswered(since: start)) }
        // Nobody has to be told of each further one.
        let told = pace
        pace.record(CallResult<KreaJob>.noAnswer, at: later + .seconds(6), rules: rules)
        #expect(pace == told)
        pace.shift(by: .seconds(-3600))
        #expect(pace.hold(at: start) == .unanswered(since: start - .seconds(3600)))
        #expect(pace.nextSubmitAt == start - .seconds(3590))

        var others = [told, told, told, told]
        others[0].recordSubmit(.refused(JobFailure(.contentRefused)), at: later, rules: rules)
        others[1].record(CallResult<KreaJob>.gone(), at: later, rules: rules)
        others[2].record(CallResult<Accepted>.answered(Accepted()), at: later, rules: rules)
        others[3].recordList(.unusable, at: later, rules: rules)
        for other in others { #expect(other.hold(at: later) == nil) }
    }

    @Test func `a clock that was put back makes no time without answers`() {
        var pace = Pace()
        pace.recordList(.noAnswer, at: start, rules: rules)
        pace.recordSubmit(.noAnswer, at: start - .seconds(60), rules: rules)
        #expect(pace.hold(at: start) == nil)
        pace.record(CallResult<Accepted>.noAnswer, at: start - .seconds(30), rules: rules)
        #expect(pace.hold(at: start) == .unanswered(since: start - .seconds(60)))
    }

    @Test func `a later 429 never makes a silence shorter`() {
        var pace = Pace()
        pace.record(CallResult<KreaJob>.rateLimited(retryAfter: .seconds(300)), at: start, rules: rules)
        pace.record(CallResult<KreaJob>.rateLimited(retryAfter: nil), at: start + .seconds(1), rules: rules)
        #expect(pace.silentUntil == start + .seconds(300))
    }
}
