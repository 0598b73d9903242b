import Jobs

extension Audit {
    /// The result in lines for the operator, and whether every rule was kept.
    ///
    /// - Parameter spending: What was spent on each day.
    func report(
        _ rules: PaceRules, _ spending: [DaySpending], _ daily: DailyLimits, at now: Timestamp
    ) -> (lines: [String], isClean: Bool) {
        var lines = ["\(callCount) calls read\(period.map { ", \($0)" } ?? "")"]
        let gap = { (gap: Duration?) in gap.map { "smallest gap \($0.secondsText)" } ?? "no gap yet" }
        let calls = { (kind: Call.Kind) in counts[kind, default: 0] }
        lines += [
            "submissions: \(calls(.submit)), \(gap(smallestSubmitGap)) (at least \(rules.submitInterval.secondsText))",
            "answers to submissions lost: \(lostSubmissions), most of one \(mostLosses)",
            "polls: \(calls(.poll)), of one job: \(gap(smallestPollGap)) (at least \(rules.shortestPollInterval.secondsText)), "
                + "most \(mostPolls) (up to \(rules.maxPolls))",
            "cancellations: \(calls(.cancel))",
            "lists: \(calls(.list))",
            "answers with 429: \(rateLimited)",
            "calls without an end: \(withoutEnd)",
        ]
        let today = spending.last { $0.day == now.dayStart }?.spent ?? .zero
        lines.append(
            "spent: \(today) today, most in a day \(spending.map(\.spent).max() ?? .zero)" + (daily.spend.map { " (up to \($0))" } ?? ""))
        if clockSteps > 0 { lines.append("times the clock was put back: \(clockSteps); what lies across is not judged") }
        lines += broken
        if brokenCount > broken.count { lines.append("and \(brokenCount - broken.count) more") }
        let excesses = spending.compactMap { $0.excess(over: daily) }
        lines += excesses
        let count = brokenCount + excesses.count
        lines.append(count == 0 ? "Every rule was kept." : "Rules were broken \(count) times.")
        return (lines, count == 0)
    }

    private var period: String? {
        guard let firstStart, let latestStart else { return nil }
        return "begun from \(firstStart.iso8601) to \(latestStart.iso8601)"
    }
}
