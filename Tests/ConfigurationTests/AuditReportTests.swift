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
            id: id, kind: .submit, epoch: 1, job: .sample(UInt64(id)), look: 1, startedAt: from, endedAt: from + .seconds(1),
            outcome: "accepted")
    }

    @Test func `the report of a ledger that keeps the rules ends with that sentence`() {
        var audit = Audit(PaceRules())
        audit.read(submission(1, at: 0))
        audit.read(submission(2, at: 12))
        #expect(
            audit.report(PaceRules()) == [
                "2 calls read, begun from 2026-03-01T12:00:00.000Z to 2026-03-01T12:00:12.000Z",
                "submissions: 2, smallest gap 11 s (at least 10 s)",
                "polls: 0, of one job: no gap yet (at least 5 s), most 0 (up to 40)",
                "cancellations: 0",
                "lists: 0",
                "answers with 429: 0",
                "calls without an end: 0",
                "Every rule was kept.",
            ])
    }

    @Test func `the report of a broken rule says which and how many more there are`() {
        var audit = Audit(PaceRules())
        for id in Int64(0)...101 { audit.read(submission(id, at: Int(id) * 3)) }
        let report = audit.report(PaceRules())
        #expect(report.contains("Submission 1 began 2 s after the end of submission 0, 10 s are needed."))
        #expect(report.suffix(2) == ["and 1 more", "Rules were broken 101 times."])
    }
}
