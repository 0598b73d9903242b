package import Jobs

/// One request as Krea saw it.
package struct KreaCall: Sendable, Equatable {
    /// When it arrived.
    package var arrived: Timestamp
    /// When Krea had answered it, where that is known.
    package var answered: Timestamp
    package var method: String
    package var path: String
    /// Nil where the connection was closed with no answer.
    package var status: Int?
    /// Krea's ID of the job that it was about.
    package var kreaID: String?
    package var prompt: String?

    package init(
        arrived: Timestamp, answered: Timestamp, method: String, path: String, status: Int?, kreaID: String?, prompt: String?
    ) {
        self.arrived = arrived
        self.answered = answered
        self.method = method
        self.path = path
        self.status = status
        self.kreaID = kreaID
        self.prompt = prompt
    }

    package var isSubmission: Bool { method == "POST" && path.hasPrefix("/generate/") }
    package var isPoll: Bool { method == "GET" && path.hasPrefix("/jobs/") }
}

extension [KreaCall] {
    /// Every rule of pace that these calls broke, in words; empty when they kept all of them.
    ///
    /// With webhooks polls may be as close as the brief allows at all. Calls that had left before a 429 was answered cannot be held back: what arrives within `flight` of it is not counted.
    package func brokenRules(_ rules: PaceRules, flight: Duration = .zero, webhooks: Bool = false) -> [String] {
        let pollInterval = webhooks ? rules.shortestPollInterval : rules.pollInterval
        let calls = sorted { $0.arrived < $1.arrived }
        var broken: [String] = []
        let submissions = calls.filter(\.isSubmission)
        for (earlier, later) in zip(submissions, submissions.dropFirst()) where later.arrived - earlier.answered < rules.submitInterval {
            broken.append("two submissions \(later.arrived - earlier.answered) apart")
        }
        for (id, polls) in Dictionary(grouping: calls.filter(\.isPoll), by: \.path) {
            if polls.count > rules.maxPolls { broken.append("\(polls.count) polls of \(id)") }
            for (earlier, later) in zip(polls, polls.dropFirst()) {
                let gap = later.arrived - earlier.answered
                let least = earlier.status == 429 ? rules.pollRateLimitPause : pollInterval
                if gap < least { broken.append("two polls of \(id) \(gap) apart") }
            }
        }
        for limited in calls where limited.status == 429 {
            for call in calls where call.arrived > limited.answered + flight && call.arrived - limited.answered < rules.rateLimitPause {
                broken.append("\(call.method) \(call.path) \(call.arrived - limited.answered) after a 429")
            }
        }
        return broken
    }
}
