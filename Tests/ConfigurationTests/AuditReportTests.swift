import Jobs
import TestSupport
import Testing

@testable import krea_fcgi

/// What `krea-fcgi audit` prints.
@Suite struct AuditReportTests {
    private let start = Timestamp(milliseconds: 1_772_366_400_000)

    private func submission(_ id: Int64, at second: Int) -> Call {
        let from = start + .seconds(second)
        return Call(
            id: id, kind: .submit, epoch: 1, job: .sample(UInt64(id)), pollRound: 1, startedAt: from, endedAt: from + .seconds(1),
            outcome: "accepted")
    }

    @Test func `the report of a ledger that keeps the rules ends with that sentence`() {
        var audit = Audit(PaceRules())
        audit.read(submission(1, at: 0))
        audit.read(submission(2, at: 12))
        #expect(
            audit.report(PaceRules(), [], DailyLimits(), at: start).lines == [
                "2 calls read, begun from 2026-03-01T12:00:00.000Z to 2026-03-01T12:00:12.000Z",
                "submissions: 2, smallest gap 11 s (at least 10 s)",
                "answers to submissions lost: 0, most of one 0",
                "polls: 0, of one job: no gap yet (at least 5 s), most 0 (up to 40)",
                "cancellations: 0",
                "lists: 0",
                "answers with 429: 0",
                "calls without an end: 0",
                "spent: $0.00 today, most in a day $0.00",
                "Every rule was kept.",
            ])
    }

    @Test func `the report of a broken rule says which and how many more there are`() {
        var audit = Audit(PaceRules())
        for id in Int64(0)...101 { audit.read(submission(id, at: Int(id) * 3)) }
        let report = audit.report(PaceRules(), [], DailyLimits(), at: start).lines
        #expect(report.contains("Submission 1 began 2 s after the end of submission 0, 10 s are needed."))
        #expect(report.suffix(2) == ["and 1 more", "Rules were broken 101 times."])
    }

    @Test func `a day in which more was spent than may be is a broken rule`() {
        let yesterday = DaySpending(day: start.dayStart - .seconds(86_400), spent: Money(usd: 1.25))
        let today = DaySpending(day: start.dayStart, spent: Money(usd: 1))
        var limits = DailyLimits()
        func report(_ days: DaySpending...) -> [String] {
            Array(Audit(PaceRules()).report(PaceRules(), days, limits, at: start).lines.drop { !$0.hasPrefix("spent") })
        }
        #expect(report(yesterday, today) == ["spent: $1.00 today, most in a day $1.25", "Every rule was kept."])
        limits.spend = Money(usd: 1)
        #expect(
            report(yesterday, today) == [
                "spent: $1.00 today, most in a day $1.25 (up to $1.00)",
                "On 2026-02-28 $1.25 was spent, up to $1.00 is allowed in a day.", "Rules were broken 1 times.",
            ])
        #expect(report(yesterday).first == "spent: $0.00 today, most in a day $1.25 (up to $1.00)")
    }
}
