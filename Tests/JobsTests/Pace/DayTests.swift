import TestSupport
import Testing

@testable import Jobs

/// What may be asked for and spent in a day.
@Suite struct DayTests {
    /// 2026-03-01T12:00:00Z
    private let noon = Timestamp(milliseconds: 1_772_366_400_000)

    @Test func `a day begins at midnight UTC, with that millisecond`() {
        let midnight = noon.dayStart
        #expect(midnight.iso8601 == "2026-03-01T00:00:00.000Z")
        #expect(midnight.dayStart == midnight)
        #expect((midnight - .milliseconds(1)).nextDay == midnight)
        #expect(noon.nextDay.iso8601 == "2026-03-02T00:00:00.000Z")
        #expect(Timestamp(milliseconds: -1).dayStart == Timestamp(milliseconds: -86_400_000))
    }

    @Test(arguments: [(0, 0), (0.039, 39_000), (0.1, 100_000), (1.1, 1_100_000), (0.0000001, 1), (12.34, 12_340_000)])
    func `an amount is kept to the millionth, never less`(usd: Double, millionths: Int64) {
        #expect(Money(usd: usd).millionths == millionths)
    }

    @Test(arguments: [
        (0, "$0.00"), (500_000, "$0.50"), (157_500, "$0.1575"), (12_000_001, "$12.000001"), (1_030_000, "$1.03"), (-250_000, "-$0.25"),
    ])
    func `an amount is told in dollars and cents, and as exactly as it is`(millionths: Int64, text: String) {
        #expect("\(Money(millionths: millionths))" == text)
    }

    private func limits(_ spend: Double?) -> DailyLimits {
        var limits = DailyLimits()
        limits.spend = spend.map(Money.init(usd:))
        return limits
    }

    @Test func `a submission fits as long as the limit is not exceeded, else it is for the next day or for none`() {
        func verdict(_ spend: Double?, spent: Double, _ price: Double?, of pictures: Int = 1) -> Budget.Verdict {
            Budget(limits(spend), spent: Money(usd: spent), now: noon).verdict(on: price.map(Money.init(usd:)), of: pictures)
        }
        #expect(verdict(1, spent: 0.9, 0.1) == .fits)
        #expect(verdict(1, spent: 0.9, 0.100001) == .later(noon.nextDay))
        #expect(verdict(1, spent: 0, 1) == .fits)
        #expect(verdict(1, spent: 0, 1.000001) == .never)
        #expect(verdict(1, spent: 0.7, nil, of: 3) == .fits)
        #expect(verdict(1, spent: 0.7, nil, of: 4) == .later(noon.nextDay))
        #expect(verdict(nil, spent: 1e6, 1e6) == .fits)
    }

    @Test func `each picture of a batch has its price`() throws {
        var fields = KreaRoute.builtIn["bfl/flux-1-dev"]!.fields
        fields[.resolution] = FieldRule(name: "resolution", choices: ["1K", "2K"])
        let route = KreaRoute(
            path: "bfl/flux-1-dev", fields: fields, prices: [.init(usd: 0.025), .init(usd: 0.07, conditions: ["resolution": "2K"])])
        let catalogue = Catalogue(routes: [route], readAt: noon)
        func submissions(_ members: [String: JSONValue]) throws -> [Submission] {
            try Job.sample(members: members.merging(["model": "flux"]) { given, _ in given }, by: catalogue, at: noon).submissions
        }
        #expect(try submissions([:]).map(\.price) == [Money(usd: 0.025)])
        #expect(try submissions(["batch_size": 3]).map(\.price) == [Money(usd: 0.075)])
        #expect(try submissions(["batch_size": 2, "resolution": "2K"]).map(\.price) == [Money(usd: 0.14)])
        #expect(try Job.sample(at: noon).submissions.map(\.price) == [nil])
    }

    @Test func `only what ended before Krea had it is free`() throws {
        var submission = Submission()
        #expect(!submission.isFree)
        try submission.claimForSubmit(at: noon, by: 1, route: "bfl/flux-1-dev")
        #expect(submission.isSpent(onDayOf: noon))
        #expect(!submission.isSpent(onDayOf: noon + .seconds(86_400)))
        #expect(!submission.isSpent(onDayOf: noon - .seconds(86_400)))
        func ended(_ outcome: CallResult<KreaJob>) throws -> Submission {
            var copy = submission
            try copy.recordSubmit(outcome, at: noon, rules: PaceRules())
            return copy
        }
        let krea = KreaJob(id: "k", status: "failed", failure: JobFailure(.generationFailed))
        #expect(try !ended(.answered(krea)).isFree)
        #expect(try !ended(.noAnswer).isFree && ended(.noAnswer).isSpent(onDayOf: noon))
        #expect(try ended(.refused(JobFailure(.refused))).isFree)
        #expect(try !ended(.rateLimited(retryAfter: nil)).isSpent(onDayOf: noon))
        var lost = try ended(.noAnswer)
        var pace = Pace()
        _ = try lost.settle(.ambiguous, mayResend: true, isLate: true, behind: 1, pace: &pace, at: noon, rules: PaceRules())
        #expect(lost.state == .failed)
        #expect(!lost.isFree)
        var waiting = Submission()
        try waiting.cancel(at: noon)
        #expect(waiting.isFree)
    }
}
