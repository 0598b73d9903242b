package import Jobs
import Synchronization

/// A `JobStore` that keeps everything in memory: for tests that are not about storage.
///
/// It passes the same conformance suite as the store on SQLite.
package final class MemoryStore: JobStore {
    private struct Contents {
        var jobs: [Job] = []
        var keys: [String: [JobID]] = [:]
        var pace = Pace()
        var observers: [@Sendable () -> Void] = []

        func queued(_ job: Job) -> QueuedJob {
            let ahead = job.state == .waiting ? jobs.prefix { $0.id != job.id }.count { $0.state == .waiting } : 0
            return QueuedJob(job: job, position: ahead, pace: pace)
        }
    }

    package let rules: PaceRules
    private let contents = Mutex(Contents())

    package init(rules: PaceRules = PaceRules()) {
        self.rules = rules
    }

    package func accept(_ job: Job, key: String?) throws -> Acceptance {
        let acceptance = contents.withLock { contents in
            if let key {
                let earlier = contents.keys[key, default: []].compactMap { id in contents.jobs.first { $0.id == id } }
                if let first = earlier.first(where: { $0.request == job.request }) {
                    return Acceptance.existing(contents.queued(first))
                }
                contents.keys[key, default: []].append(job.id)
            }
            contents.jobs.append(job)
            return .new(contents.queued(job))
        }
        tellObservers()
        return acceptance
    }

    package func job(_ id: JobID) throws -> QueuedJob? {
        contents.withLock { contents in contents.jobs.first { $0.id == id }.map(contents.queued) }
    }

    package func jobs(_ query: JobQuery) throws -> JobPage {
        contents.withLock { contents in
            var candidates = contents.jobs[...]
            if let after = query.after {
                candidates = candidates.prefix(upTo: candidates.firstIndex { $0.id == after } ?? 0)
            }
            let matches = candidates.reversed().filter { job in
                job.client == query.client && query.states?.contains(job.state) ?? true
            }
            let items = matches.prefix(query.limit)
            return JobPage(items: items.map(contents.queued), next: matches.count > items.count ? items.last?.id : nil)
        }
    }

    package func claimSubmit(at now: Timestamp) throws -> Claim {
        try contents.withLock { contents in
            guard let index = contents.jobs.firstIndex(where: { $0.state == .waiting }) else { return .nothing }
            guard now >= contents.pace.submitAllowedAt else { return .notBefore(contents.pace.submitAllowedAt) }
            try contents.jobs[index].submission.claimForSubmit(at: now)
            contents.pace.claimSubmit(at: now, rules: rules)
            return .granted(contents.jobs[index])
        }
    }

    package func recordSubmit(_ outcome: SubmitOutcome, for id: JobID, at now: Timestamp) throws -> Job {
        try change(id) { contents, index in
            try contents.jobs[index].submission.recordSubmit(outcome, at: now, rules: rules)
            contents.pace.recordSubmit(outcome, at: now, rules: rules)
        }
    }

    package func claimPoll(at now: Timestamp) throws -> Claim {
        contents.withLock { contents in
            let running = contents.jobs.indices.filter { contents.jobs[$0].state == .running }
            guard
                let index = running.min(by: { contents.jobs[$0].dueAt < contents.jobs[$1].dueAt })
            else { return .nothing }
            let allowedAt = contents.pace.pollAllowedAt(contents.jobs[index].dueAt)
            guard now >= allowedAt else { return .notBefore(allowedAt) }
            contents.jobs[index].submission.claimForPoll(at: now, rules: rules)
            return .granted(contents.jobs[index])
        }
    }

    package func recordPoll(_ outcome: PollOutcome, for id: JobID, at now: Timestamp) throws -> Job {
        try change(id) { contents, index in
            try contents.jobs[index].submission.recordPoll(outcome, at: now, rules: rules)
            contents.pace.recordPoll(outcome, at: now, rules: rules)
        }
    }

    package func recoverInterruptedSubmits(at now: Timestamp) throws -> Timestamp? {
        let submitting = try changeAll(in: .submitting) { submission in
            if let moment = submission.interruptedFrom(rules), now >= moment { try submission.recoverInterruptedSubmit() }
        }
        return submitting.compactMap { $0.submission.interruptedFrom(rules) }.min()
    }

    package func giveUpUnconfirmed(at now: Timestamp) throws -> [Job] {
        try changeAll(in: .unconfirmed) { try $0.giveUpUnconfirmed(at: now) }
    }

    package func observeChanges(_ observer: @escaping @Sendable () -> Void) {
        contents.withLock { $0.observers.append(observer) }
    }

    private func change(_ id: JobID, _ body: (inout Contents, Int) throws -> Void) throws -> Job {
        let job = try contents.withLock { contents in
            var changed = contents
            guard let index = changed.jobs.firstIndex(where: { $0.id == id }) else { throw UnknownJob(id: id) }
            try body(&changed, index)
            contents = changed
            return changed.jobs[index]
        }
        tellObservers()
        return job
    }

    private func changeAll(in state: JobState, _ body: (inout Submission) throws -> Void) throws -> [Job] {
        try contents.withLock { contents in
            try contents.jobs.indices.filter { contents.jobs[$0].state == state }.map { index in
                try body(&contents.jobs[index].submission)
                return contents.jobs[index]
            }
        }
    }

    private func tellObservers() {
        for observer in contents.withLock({ $0.observers }) { observer() }
    }
}

extension Job {
    fileprivate var dueAt: Timestamp { submission.nextPollAt ?? Timestamp(milliseconds: 0) }
}
