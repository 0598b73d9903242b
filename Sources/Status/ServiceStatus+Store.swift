import Jobs

extension ServiceStatus.Queue {
    init(_ overview: StoreOverview, now: Timestamp) {
        self.init(
            submissions: Dictionary(uniqueKeysWithValues: overview.submissions.map { ($0.key.rawValue, $0.value) }),
            retried: overview.retriedSubmissions, lostInARow: overview.pace.lostSubmits,
            finishedJobs: overview.finishedJobs,
            oldestWaitingSeconds: overview.oldestWaitingSince.map { max(0, (now - $0).seconds) }, pollsDue: overview.duePolls,
            nextSubmissionAt: overview.pace.submitAllowedAt.map { Moment(max($0, now)) },
            hold: overview.pace.hold(at: now).map(ServiceStatus.Hold.init), spentTodayUsd: overview.spentToday.usd,
            spendLimitUsd: overview.spendLimit?.usd)
    }
}

extension ServiceStatus.Hold {
    static let reasons = ["rate_limited", "out_of_compute", "token_refused", "spend_limit", "paused", "unanswered", "submissions_lost"]

    init(_ hold: Hold) {
        switch hold {
        case .rateLimited(let end): self.init(reason: "rate_limited", until: Moment(end))
        case .outOfCompute(let end): self.init(reason: "out_of_compute", until: Moment(end))
        case .tokenRefused: self.init(reason: "token_refused", until: nil)
        case .spendLimit(let end): self.init(reason: "spend_limit", until: Moment(end))
        case .unanswered(let since): self.init(reason: "unanswered", until: nil, since: Moment(since))
        case .submissionsLost(let end): self.init(reason: "submissions_lost", until: Moment(end))
        case .paused(let words): self.init(reason: "paused", until: nil, words: words)
        }
    }
}

extension ServiceStatus.Catalogue {
    init(_ overview: StoreOverview, now: Timestamp) {
        self.init(
            readAt: overview.catalogueReadAt.map(Moment.init), ageSeconds: overview.catalogueReadAt.map { max(0, (now - $0).seconds) })
    }
}

extension ServiceStatus.Ledger {
    /// The most sentences that are shown.
    private static let sentences = 10

    init(_ check: LedgerCheck, latest: Int64) {
        self.init(
            callsChecked: check.audit.callCount, callsAhead: Int(max(0, latest - check.lastCall)), brokenRules: check.audit.brokenCount,
            broken: Array(check.audit.broken.prefix(Self.sentences)))
    }
}

extension ServiceStatus.Calls {
    init(_ distribution: (labels: [String: String], count: Int, sum: Double)) {
        self.init(
            kind: distribution.labels["kind"] ?? "", outcome: distribution.labels["outcome"] ?? "", count: distribution.count,
            meanSeconds: distribution.count > 0 ? distribution.sum / Double(distribution.count) : 0)
    }
}
