import Jobs

extension Audit {
    /// What was found, in lines for the operator.
    func report(_ rules: PaceRules) -> [String] {
        var lines = ["\(callCount) calls read\(period.map { ", \($0)" } ?? "")"]
        let gap = { (gap: Duration?) in gap.map { "smallest gap \($0.secondsText)" } ?? "no gap yet" }
        let count = { (kind: Call.Kind) in counts[kind, default: 0] }
        lines += [
            "submissions: \(count(.submit)), \(gap(smallestSubmitGap)) (at least \(rules.submitInterval.secondsText))",
            "polls: \(count(.poll)), of one job: \(gap(smallestPollGap)) (at least \(rules.shortestPollInterval.secondsText)), "
                + "most \(mostPolls) (up to \(rules.maxPolls))",
            "cancellations: \(count(.cancel))",
            "lists: \(count(.list))",
            "answers with 429: \(rateLimited)",
            "calls without an end: \(withoutEnd)",
        ]
        if clockSteps > 0 { lines.append("times the clock was put back: \(clockSteps); what lies across is not judged") }
        lines += broken
        if brokenCount > broken.count { lines.append("and \(brokenCount - broken.count) more") }
        lines.append(brokenCount == 0 ? "Every rule was kept." : "Rules were broken \(brokenCount) times.")
        return lines
    }

    private var period: String? {
        guard let firstStart, let latestStart else { return nil }
        return "begun from \(firstStart.iso8601) to \(latestStart.iso8601)"
    }
}
