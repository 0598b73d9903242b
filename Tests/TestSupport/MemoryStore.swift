package import Jobs
import Synchronization

/// A `JobStore` that keeps everything in memory: for tests that are not about storage.
///
/// It passes the same conformance suite as the store on SQLite.
package final class MemoryStore: JobStore {
    package let rules: PaceRules
    package let limits: QueueLimits
    private let contents = Mutex(MemoryContents())
    private let changes = Atomic<UInt64>(0)
    private let observers = Mutex<[Int: @Sendable () -> Void]>([:])

    package init(rules: PaceRules = PaceRules(), limits: QueueLimits = QueueLimits()) {
        self.rules = rules
        self.limits = limits
    }

    package var version: StoreVersion? { StoreVersion(changes.load(ordering: .acquiring)) }

    @discardableResult
    package func observeChanges(_ observer: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let number = Int.random(in: 0...Int.max)
        observers.withLock { $0[number] = observer }
        return { [weak self] in _ = self?.observers.withLock { $0.removeValue(forKey: number) } }
    }

    package func proveReadable() throws {}

    package func accept(_ job: Job, key: String?) throws -> Acceptance {
        try change { contents in
            if let key, let id = contents.keys[TextKey(key)], let earlier = contents.find(id),
                earlier.createdAt > job.createdAt - .seconds(86_400)
            {
                return earlier.asksForTheSame(as: job) ? .existing(contents.queued(earlier)) : .conflict
            }
            if let refused = contents.exceeded(by: job, limits.daily) { return refused }
            let mine = contents.waiting.filter { $0.client == job.client }
            let full: (FullQueue, Job)? =
                if mine.count >= limits.perClient, let first = mine.first {
                    (.client, first)
                } else if contents.waiting.count >= limits.total, let first = contents.waiting.first {
                    (.total, first)
                } else {
                    nil
                }
            if let (queue, first) = full {
                let leavesAt = Timetable(contents.queued(first), now: job.createdAt, rules: rules).startsAt
                return .full(queue, until: leavesAt ?? job.createdAt + rules.creditPause)
            }
            if let key { contents.keys[TextKey(key)] = job.id }
            contents.jobs.append(job)
            contents.numbers[job.id] = Int64(contents.numbers.count + 1)
            return .new(contents.queued(job))
        }
    }

    package func allowance(of client: Client, at now: Timestamp) throws -> Allowance {
        contents.withLock { $0.allowance(of: client, limits.daily, at: now) }
    }

    package func job(_ id: JobID, of request: GenerationRequest) throws -> QueuedJob? { try job(id) }

    package func job(_ id: JobID) throws -> QueuedJob? {
        contents.withLock { contents in contents.find(id).map(contents.queued) }
    }

    package func wasRemoved(_ id: JobID) throws -> Bool {
        contents.withLock { $0.removed.contains(id) }
    }

    package func jobs(_ query: JobQuery) throws -> JobPage {
        contents.withLock { contents in
            var candidates = contents.jobs[...]
            if let after = query.after {
                candidates = candidates.prefix(upTo: candidates.firstIndex { $0.id == after } ?? 0)
            }
            let matches = candidates.reversed().filter { job in
                query.client.map { $0 == job.client } ?? true && query.states?.contains(job.state) ?? true
                    && query.before.map { job.createdAt < $0 } ?? true
            }
            var left = query.bytes
            let items = matches.prefix(query.limit).enumerated().prefix { index, job in
                left -= job.request.size
                return index == 0 || left >= 0
            }.map(\.element)
            return JobPage(items: items.map(contents.queued), next: matches.count > items.count ? items.last?.id : nil)
        }
    }

    package func cancel(_ id: JobID, at now: Timestamp) throws -> QueuedJob {
        try change { contents in
            try contents.queued(contents.update(id) { job, _ in try job.cancel(at: now) })
        }
    }

    package func resume(_ id: JobID, at now: Timestamp) throws -> QueuedJob {
        try change { contents in
            try contents.queued(contents.update(id) { job, _ in try job.resume(at: now, rules: rules) })
        }
    }

    package func noteKreaWebhook(_ key: WebhookKey, at now: Timestamp) throws -> JobID? {
        guard let id = contents.withLock({ $0.jobs.first { $0.submissions.contains { $0.webhookKey == key } }?.id }) else { return nil }
        var isChanged = false
        _ = try change { contents in
            try contents.update(id) { job, _ in isChanged = try job.noteKreaWebhook(key, at: now, rules: rules) }
        }
        return isChanged ? id : nil
    }

    package func takeOver(at now: Timestamp) throws -> Int {
        try change { contents in
            contents.epoch += 1
            contents.heartbeatAt = now
            contents.pace.takeOver(rules: rules)
            _ = contents.boundTimes(at: now, rules: rules)
            return contents.epoch
        }
    }

    package func heartbeat(_ epoch: Int, at now: Timestamp) throws {
        try write { contents in
            try contents.check(epoch)
            contents.heartbeatAt = now
        }
    }

    package func latestLeaderTerm() throws -> LeaderTerm {
        contents.withLock { LeaderTerm(epoch: $0.epoch, heartbeatAt: $0.heartbeatAt) }
    }

    package func claimSubmit(by epoch: Int, at now: Timestamp, webhookKey: WebhookKey?) throws -> Claim<GrantedCall> {
        try claim(.submit, by: epoch, at: now) { contents in
            let next = contents.nextWaiting(at: now)
            return (next?.place, contents.pace.submitAllowedAt.map { max($0, next?.notBefore ?? $0) })
        } grant: { job, part, contents in
            let right = try job.claimForSubmit(
                part, at: now, by: epoch, catalogue: contents.catalogue,
                budget: Budget(limits.daily, spent: contents.spent(limits.daily, at: now), now: now), webhookKey: webhookKey)
            contents.pace.claimSubmit(right, at: now, rules: rules)
            return right
        }
    }

    package func recordSubmit(_ result: CallResult<KreaJob>, for call: Call, at now: Timestamp) throws -> Job {
        let known = contents.withLock { Set($0.jobs.flatMap(\.submissions).compactMap(\.kreaID)) }
        let result = result.checked(isKnown: known.contains)
        return try record(result.outcome(of: .submit), for: call, at: now) { job, contents in
            let isFirstAttempt = job[call.part].failedAttempts == 0
            try job.recordSubmit(result, of: call.part, at: now, rules: rules, catalogue: &contents.catalogue)
            contents.pace.recordSubmit(result, isFirstAttempt: isFirstAttempt, at: now, rules: rules)
        }
    }

    package func claimPoll(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedCall> {
        try claim(.poll, by: epoch, at: now) { contents in
            let first = contents.earliest(\.pollDueAt)
            return (first, contents.submission(first)?.pollDueAt.flatMap(contents.pace.callAllowedAt))
        } grant: { job, part, _ in
            try job[part].claimForPoll(at: now, rules: rules) ? .granted() : .ended
        }
    }

    package func recordPoll(_ result: CallResult<KreaJob>, for call: Call, at now: Timestamp) throws -> Job {
        try record(result.pollOutcome, for: call, at: now) { job, contents in
            try job[call.part].recordPoll(result, at: now, rules: rules)
            contents.pace.record(result, at: now, rules: rules)
        }
    }

    package func claimCancel(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedCall> {
        try claim(.cancel, by: epoch, at: now) { contents in
            let first = contents.earliest(\.nextCancelAt)
            return (first, contents.submission(first)?.nextCancelAt.flatMap(contents.pace.callAllowedAt))
        } grant: { job, part, _ in
            job[part].claimForCancel(at: now, rules: rules)
            return .granted()
        }
    }

    package func recordCancel(_ result: CallResult<Accepted>, for call: Call, at now: Timestamp) throws -> Job {
        try record(result.outcome(of: .cancel), for: call, at: now) { job, contents in
            try job[call.part].recordCancel(result, at: now, rules: rules)
            contents.pace.record(result, at: now, rules: rules)
        }
    }

    package func claimList(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedCall> {
        try claim(.list, by: epoch, at: now) { contents in
            (contents.first(.unconfirmed), contents.pace.callAllowedAt(contents.pace.nextListAt))
        } grant: { _, _, contents in
            contents.pace.claimList(at: now, rules: rules)
            return .granted()
        }
    }

    package func recordList(
        _ result: CallResult<AccountList>, for call: Call, at now: Timestamp, isGone: (Int) -> Bool
    ) throws -> Reconciliation {
        try change { contents in
            try contents.check(call.epoch)
            let isReachable = contents.pace.unanswered == nil
            var reconciliation = Reconciliation()
            for index in contents.jobs.indices where contents.jobs[index].submissions.contains(where: { $0.state == .unconfirmed }) {
                let known = Set(contents.jobs.flatMap(\.submissions).compactMap { $0.kreaID.map { TextKey($0) } })
                _ = try reconciliation.settle(
                    &contents.jobs[index], by: result, for: call, at: now, rules: rules, isReachable: isReachable,
                    behind: Int64(contents.numbers.count), pace: &contents.pace, isGone: isGone,
                    isKnown: { known.contains(TextKey($0)) })
            }
            contents.pace.recordList(result, isUndecided: reconciliation.isUndecided, at: now, rules: rules)
            contents.complete(call, reconciliation.goesOn ? .page : result.outcome(of: .list), at: now)
            return reconciliation
        }
    }

    package func catalogue() throws -> Catalogue {
        contents.withLock { $0.catalogue }
    }

    package func claimCatalogue(by epoch: Int, at now: Timestamp) throws -> Claim<Call> {
        try write { contents in
            try contents.check(epoch)
            guard let moment = contents.pace.callAllowedAt(contents.pace.nextCatalogueAt) else { return .nothing }
            guard now >= moment else { return .notBefore(moment) }
            contents.pace.claimCatalogue(at: now, rules: rules)
            return .granted(contents.insertCall(.catalogue, epoch: epoch, for: nil, part: 1, at: now))
        }
    }

    package func recordCatalogue(_ result: CallResult<[KreaRoute]>, for call: Call, at now: Timestamp) throws {
        try change { contents in
            try contents.check(call.epoch)
            contents.complete(call, result.outcome(of: .catalogue), at: now)
            contents.pace.recordCatalogue(result, at: now, rules: rules)
            contents.catalogue = contents.catalogue.after(result, at: now)
        }
    }

    package func recoverInterruptedSubmits(at now: Timestamp, isGone: (Int) -> Bool) throws -> Timestamp? {
        try write { contents in
            var next: [Timestamp] = []
            for index in contents.jobs.indices {
                next += try [contents.jobs[index].recoverInterruptedSubmits(at: now, rules: rules, isGone: isGone)].compactMap(\.self)
            }
            return next.min()
        }
    }

    package func claimDelivery(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedDelivery> {
        try write { contents in
            try contents.check(epoch)
            while let id = contents.firstToAnnounce, let moment = contents.find(id)?.delivery?.nextAttemptAt {
                guard now >= moment else { return .notBefore(moment) }
                var isWanted = false
                let job = try contents.update(id) { job, _ in isWanted = job.delivery?.claim(at: now) ?? false }
                if isWanted, let attempt = DeliveryAttempt(of: job, by: epoch) {
                    return .granted(GrantedDelivery(attempt, contents.queued(job)))
                }
            }
            return .nothing
        }
    }

    package func recordDelivery(_ outcome: DeliveryOutcome, for attempt: DeliveryAttempt, at now: Timestamp) throws -> Job {
        try change { contents in
            try contents.check(attempt.epoch)
            return try contents.update(attempt.job) { job, _ in job.delivery?.record(outcome, of: attempt, at: now) }
        }
    }

    package func follow(_ clock: ClockOrigin) throws {
        try change { contents in
            defer { contents.clock = clock }
            guard let known = contents.clock, let step = clock.step(since: known) else { return }
            contents.pace.shift(by: step)
            contents.heartbeatAt = contents.heartbeatAt + step
            for job in contents.jobs.indices {
                contents.jobs[job].delivery?.shift(by: step)
                for index in contents.jobs[job].submissions.indices { contents.jobs[job].submissions[index].shift(by: step) }
            }
            for index in contents.pictures.indices {
                contents.pictures[index].picture.nextAttemptAt = contents.pictures[index].picture.nextAttemptAt.map { $0 + step }
            }
        }
    }

    package func pause(because words: String) throws {
        try change { $0.pace.pause(because: words) }
    }

    package func release(isOperator: Bool, at now: Timestamp) throws -> [EndedHold] {
        try change { contents in
            let ahead = isOperator ? contents.boundTimes(at: now, rules: rules) : 0
            let ended = contents.pace.release(isOperator: isOperator, at: now, rules: rules)
            return ended + (ahead > 0 ? [.timesAhead(ahead)] : [])
        }
    }

    package func removeFinished(before moment: Timestamp) throws -> Int {
        try change { contents in
            let old = contents.jobs.filter { $0.client != .signed && $0.finishedAt.map { $0 < moment } ?? false }.map(\.id)
            contents.removed.formUnion(old)
            contents.removePictures(of: old)
            contents.jobs.removeAll { old.contains($0.id) }
            contents.calls.removeAll { $0.startedAt < moment }
            return old.count
        }
    }

    package func calls(after id: Int64, limit: Int) throws -> [Call] {
        contents.withLock { Array($0.calls.filter { $0.id > id }.prefix(limit)) }
    }

    private func claim(
        _ kind: Call.Kind, by epoch: Int, at now: Timestamp, first: (MemoryContents) -> (MemoryContents.Place?, Timestamp?),
        grant: (inout Job, _ part: Int, inout MemoryContents) throws -> CallPermission
    ) throws -> Claim<GrantedCall> {
        // What is not granted has ended instead, and that may have to be told.
        var hasEnded = false
        defer { if hasEnded { tellObservers() } }
        return try write { contents in
            try contents.check(epoch)
            while case (let (job, part)?, let moment?) = first(contents) {
                guard now >= moment else { return .notBefore(moment) }
                var permission = CallPermission.ended
                let granted = try contents.update(job) { permission = try grant(&$0, part, &$1) }
                switch permission {
                case .granted(let body):
                    let call = contents.insertCall(kind, epoch: epoch, for: granted, part: part, at: now)
                    return .granted(GrantedCall(call, granted, body: body))
                case .ended: hasEnded = true
                case .held: break
                }
            }
            return .nothing
        }
    }

    private func record(
        _ outcome: CallOutcome, for call: Call, at now: Timestamp, _ body: (inout Job, inout MemoryContents) throws -> Void
    ) throws -> Job {
        try change { contents in
            try contents.check(call.epoch)
            let former = contents.find(call.job)
            let job = try contents.update(call.job, body)
            contents.complete(call, outcome, at: now)
            if let former { contents.movePictures(from: former, to: job) }
            return job
        }
    }

    /// All of `body` or, when it throws, nothing of it.
    func write<Result>(_ body: (inout MemoryContents) throws -> Result) throws -> Result {
        try contents.withLock { contents in
            var changed = contents
            let result = try body(&changed)
            for index in changed.jobs.indices { changed.jobs[index].planDelivery() }
            contents = changed
            self.changes.add(1, ordering: .releasing)
            return result
        }
    }

    func change<Result>(_ body: (inout MemoryContents) throws -> Result) throws -> Result {
        let result = try write(body)
        tellObservers()
        return result
    }

    private func tellObservers() {
        for observer in observers.withLock({ Array($0.values) }) { observer() }
    }
}
