import Jobs
import Synchronization

/// A store as one process sees it that can be killed: at some call, before or after its commit, and then it is dead.
///
/// To the services death looks like being leadershipLost: the one error that they never try to repeat.
final class CrashingStore: JobStore {
    private enum Life {
        case endless
        case ends(afterCalls: Int, committed: Bool)
        case over
    }

    private let store: any JobStore
    private let life = Mutex(Life.endless)
    private let whenUnrecorded: @Sendable () -> Void

    /// `whenUnrecorded` is called when the process dies with an answer that it has not recorded.
    init(_ store: any JobStore, whenUnrecorded: @escaping @Sendable () -> Void) {
        self.store = store
        self.whenUnrecorded = whenUnrecorded
    }

    /// Lets the process die at its `calls`-th change from now, after its commit or before.
    func die(afterCalls calls: Int, committed: Bool) {
        life.withLock { $0 = .ends(afterCalls: calls, committed: committed) }
    }

    var isDead: Bool { life.withLock { if case .over = $0 { true } else { false } } }

    private func living<Result>(isRecord: Bool = false, _ body: (any JobStore) throws -> Result) throws -> Result {
        let (runs, dies): (Bool, Bool) = life.withLock { life in
            switch life {
            case .endless: return (true, false)
            case .over: return (false, true)
            case .ends(let calls, let committed) where calls <= 1:
                life = .over
                return (committed, true)
            case .ends(let calls, let committed):
                life = .ends(afterCalls: calls - 1, committed: committed)
                return (true, false)
            }
        }
        let result = runs ? Swift.Result { try body(store) } : nil
        if dies, !runs, isRecord { whenUnrecorded() }
        guard !dies, let result else { throw LeadershipLost() }
        return try result.get()
    }

    var rules: PaceRules { store.rules }
    var limits: QueueLimits { store.limits }
    var version: StoreVersion? { store.version }
    @discardableResult
    func observeChanges(_ observer: @escaping @Sendable () -> Void) -> @Sendable () -> Void { store.observeChanges(observer) }
    func proveReadable() throws { try store.proveReadable() }

    func accept(_ job: Job, key: String?) throws -> Acceptance { try store.accept(job, key: key) }
    func allowance(of client: Client, at now: Timestamp) throws -> Allowance { try store.allowance(of: client, at: now) }
    func job(_ id: JobID) throws -> QueuedJob? { try store.job(id) }
    func job(_ id: JobID, of request: GenerationRequest) throws -> QueuedJob? { try store.job(id, of: request) }
    func wasRemoved(_ id: JobID) throws -> Bool { try store.wasRemoved(id) }
    func jobs(_ query: JobQuery) throws -> JobPage { try store.jobs(query) }
    func cancel(_ id: JobID, at now: Timestamp) throws -> QueuedJob { try store.cancel(id, at: now) }
    func resume(_ id: JobID, at now: Timestamp) throws -> QueuedJob { try store.resume(id, at: now) }
    func catalogue() throws -> Catalogue { try store.catalogue() }
    func noteKreaWebhook(_ key: WebhookKey, at now: Timestamp) throws -> JobID? { try store.noteKreaWebhook(key, at: now) }
    func latestLeaderTerm() throws -> LeaderTerm { try store.latestLeaderTerm() }
    func calls(after id: Int64, limit: Int) throws -> [Call] { try store.calls(after: id, limit: limit) }
    func pause(because words: String) throws { try store.pause(because: words) }
    func release(isOperator: Bool, at now: Timestamp) throws -> [EndedHold] { try store.release(isOperator: isOperator, at: now) }

    func takeOver(at now: Timestamp) throws -> Int { try living { try $0.takeOver(at: now) } }
    func heartbeat(_ epoch: Int, at now: Timestamp) throws { try living { try $0.heartbeat(epoch, at: now) } }
    func claimSubmit(by epoch: Int, at now: Timestamp, webhookKey: WebhookKey?) throws -> Claim<GrantedCall> {
        try living { try $0.claimSubmit(by: epoch, at: now, webhookKey: webhookKey) }
    }
    func claimPoll(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedCall> { try living { try $0.claimPoll(by: epoch, at: now) } }
    func claimCancel(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedCall> {
        try living { try $0.claimCancel(by: epoch, at: now) }
    }
    func claimList(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedCall> { try living { try $0.claimList(by: epoch, at: now) } }

    func recordSubmit(_ outcome: CallResult<KreaJob>, for call: Call, at now: Timestamp) throws -> Job {
        try living(isRecord: true) { try $0.recordSubmit(outcome, for: call, at: now) }
    }

    func recordPoll(_ outcome: CallResult<KreaJob>, for call: Call, at now: Timestamp) throws -> Job {
        try living(isRecord: true) { try $0.recordPoll(outcome, for: call, at: now) }
    }

    func recordCancel(_ outcome: CallResult<Accepted>, for call: Call, at now: Timestamp) throws -> Job {
        try living(isRecord: true) { try $0.recordCancel(outcome, for: call, at: now) }
    }

    func recordList(_ outcome: CallResult<AccountList>, for call: Call, at now: Timestamp, isGone: (Int) -> Bool) throws -> Reconciliation {
        try living(isRecord: true) { try $0.recordList(outcome, for: call, at: now, isGone: isGone) }
    }

    func claimCatalogue(by epoch: Int, at now: Timestamp) throws -> Claim<Call> {
        try living { try $0.claimCatalogue(by: epoch, at: now) }
    }

    func recordCatalogue(_ outcome: CallResult<[KreaRoute]>, for call: Call, at now: Timestamp) throws {
        try living(isRecord: true) { try $0.recordCatalogue(outcome, for: call, at: now) }
    }

    func recoverInterruptedSubmits(at now: Timestamp, isGone: (Int) -> Bool) throws -> Timestamp? {
        try living { try $0.recoverInterruptedSubmits(at: now, isGone: isGone) }
    }

    func claimPicture(by epoch: Int, at now: Timestamp) throws -> Claim<PictureFetch> {
        try living { try $0.claimPicture(by: epoch, at: now) }
    }
    func recordPicture(
        _ result: Swift.Result<KeptPicture, PictureFailure>, for fetch: PictureFetch, at now: Timestamp
    ) throws -> Picture? {
        try living { try $0.recordPicture(result, for: fetch, at: now) }
    }
    func removeUnneededFiles(by epoch: Int, _ remove: (PictureFile) -> Void) throws -> Bool {
        try living { try $0.removeUnneededFiles(by: epoch, remove) }
    }
    func suspectFiles(_ files: [PictureFile], by epoch: Int) throws { try living { try $0.suspectFiles(files, by: epoch) } }
    func claimDelivery(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedDelivery> {
        try living { try $0.claimDelivery(by: epoch, at: now) }
    }

    func recordDelivery(_ outcome: DeliveryOutcome, for attempt: DeliveryAttempt, at now: Timestamp) throws -> Job {
        try living { try $0.recordDelivery(outcome, for: attempt, at: now) }
    }

    func follow(_ clock: ClockOrigin) throws { try living { try $0.follow(clock) } }
    func removeFinished(before moment: Timestamp) throws -> Int { try living { try $0.removeFinished(before: moment) } }
}
