/// Where jobs are kept, and the limiter of all calls to Krea: pages and dispatcher meet only here.
///
/// Every method is one transaction: when it returns, its change is whole and durable (what records money survives a loss of
/// power), and when it throws, nothing has changed. Methods block and may be called from any thread; async code calls them
/// from a queue of its own.
///
/// Besides what is named below, every method throws ``StoreUnavailable`` (a full disk, a lock held too long), and what else its storage throws.
public protocol JobStore: RequestStore, DispatchStore, PictureStore {
    /// The pace that its claims keep.
    var rules: PaceRules { get }
    /// How many jobs may wait.
    var limits: QueueLimits { get }
    /// What has been committed so far, by whichever process; nil when the store cannot tell.
    ///
    /// What was read after a version was taken is still right while the version is the same. Waits for nobody, and costs next to nothing.
    var version: StoreVersion? { get }

    /// Calls `observer` after each change that may give the dispatcher something to do, also after those of other processes.
    ///
    /// It need not be called for a job that waits behind others, nor for a poll after which only that submission's next poll is another.
    func observeChanges(_ observer: @escaping @Sendable () -> Void)
}

/// What the pages need of the store.
public protocol RequestStore: Sendable {
    /// Keeps a new job, and lets it wait at the end of the queue, if the queue has room and the limits of the day are kept.
    ///
    /// A picture counts for the day on which its job was accepted, money for that on which the paid call was claimed; what waits counts for
    /// today. What certainly costs nothing does not count, nor does what is not kept.
    ///
    /// - Parameter key: Names the request. Within 24 hours the same key with an equal request, and the same address to tell, brings the
    ///   first job back and keeps nothing; with another it is a conflict.
    func accept(_ job: Job, key: String?) throws -> Acceptance

    /// What a client has left today under ``QueueLimits/daily``.
    func allowance(of client: Client, at now: Timestamp) throws -> Allowance

    /// The job with this ID; nil when there is none, or none any more.
    func job(_ id: JobID) throws -> QueuedJob?

    /// The job again, of which `request` is known: it never changes and can have a megabyte, so it is not read another time.
    func job(_ id: JobID, of request: GenerationRequest) throws -> QueuedJob?

    /// Whether there was a job with this ID that was removed because of its age.
    func wasRemoved(_ id: JobID) throws -> Bool

    /// The jobs that `query` asks for, the newest first.
    func jobs(_ query: JobQuery) throws -> JobPage

    /// Krea's routes, as far as is known.
    func catalogue() throws -> Catalogue

    /// Cancels a job, or marks it to be cancelled at Krea; see ``Job/cancel(at:)``.
    ///
    /// - Throws: ``AlreadyFinished``, ``UnknownJob``.
    func cancel(_ id: JobID, at now: Timestamp) throws -> QueuedJob

    /// Lets Krea be asked again for a job that it may still bring; see ``Job/resume(at:rules:)``.
    ///
    /// - Throws: ``IllegalTransition`` for any other job, ``UnknownJob``.
    func resume(_ id: JobID, at now: Timestamp) throws -> QueuedJob

    /// Krea has called at the address that ends with `key`; see ``Submission/noteKreaWebhook(at:rules:)``.
    ///
    /// - Returns: The job whose submission changed by that; nil when none did, known key or not.
    func noteKreaWebhook(_ key: WebhookKey, at now: Timestamp) throws -> JobID?
}

/// What the dispatcher needs of the store.
///
/// The right to call Krea is a row and not a timer. A claim is granted to one caller only, it is in the ledger before the call is
/// made, and only the present dispatcher gets one: each has its epoch, and what a former one claims or brings is refused with
/// ``LeadershipLost``.
public protocol DispatchStore: Sendable {
    /// Makes the caller the dispatcher and returns its epoch, higher than all before. Takes back what held the queue because of the token,
    /// and brings back every stored time that lies further ahead than any rule can have put it; see ``Pace/bound(at:rules:)``. The store has to
    /// follow the clock first.
    func takeOver(at now: Timestamp) throws -> Int

    /// Says that the dispatcher of this epoch is alive. Throws ``LeadershipLost``.
    func heartbeat(_ epoch: Int, at now: Timestamp) throws

    /// The latest dispatcher, and when it was last known to be alive.
    func latestLeaderTerm() throws -> LeaderTerm

    /// Takes the right to make the first submission that waits and whose time has come, by the place of each in the queue: moves it to `submitting` at the route that the catalogue has for its model,
    /// and puts the next submission off. One for whose model there is no route any more fails instead. What may be spent in a day is never
    /// exceeded: a submission that would do so waits for the next day, with all that are behind it.
    ///
    /// - Parameter webhookKey: By what the webhook is known that Krea is asked for; nil when it is not asked for one.
    func claimSubmit(by epoch: Int, at now: Timestamp, webhookKey: WebhookKey?) throws -> Claim

    /// Records how a claimed submission ended, for it, for the pace, and for the catalogue if its route is gone: then it waits for its turn
    /// at the next route of its model, or fails when there is none. Returns the job as it is now.
    ///
    /// - Throws: ``LeadershipLost``, ``IllegalTransition`` when it is neither `submitting` nor `unconfirmed`.
    @discardableResult
    func recordSubmit(_ outcome: SubmitOutcome, for call: Call, at now: Timestamp) throws -> Job

    /// Takes the right to ask Krea once for the submission whose poll is due first, and counts the poll: one that runs, or a completed one
    /// whose addresses have expired.
    func claimPoll(by epoch: Int, at now: Timestamp) throws -> Claim

    /// Records how a claimed poll ended, for the submission, if it still waits for an answer, and for the pace. Where addresses are others
    /// than before, the pictures follow them and are due at once. Returns the job as it is now.
    ///
    /// - Throws: ``LeadershipLost``
    @discardableResult
    func recordPoll(_ outcome: PollOutcome, for call: Call, at now: Timestamp) throws -> Job

    /// Takes the right to tell Krea once to cancel a running submission that is not wanted any more.
    func claimCancel(by epoch: Int, at now: Timestamp) throws -> Claim

    /// Records how a claimed cancellation ended, for the submission, if it still runs, and for the pace. Returns the job as it is now.
    ///
    /// - Throws: ``LeadershipLost``
    @discardableResult
    func recordCancel(_ outcome: CancelOutcome, for call: Call, at now: Timestamp) throws -> Job

    /// Takes the right to ask Krea once for the account's list, if there is a submission that is `unconfirmed`.
    func claimList(by epoch: Int, at now: Timestamp) throws -> Claim

    /// Records what Krea's list tells about every submission that is `unconfirmed`; see ``Reconciliation``.
    ///
    /// - Parameter isGone: Whether the dispatcher of an epoch cannot be making calls any more. Only then a submission that it has claimed goes
    ///   back into the queue.
    /// - Throws: ``LeadershipLost``
    func recordList(_ outcome: ListOutcome, for call: Call, at now: Timestamp, isGone: (Int) -> Bool) throws -> Reconciliation

    /// Takes the right to ask once for Krea's routes.
    ///
    /// - Returns: The call, if it may be made now; else when the next one may be, nil for "when something has changed".
    func claimCatalogue(by epoch: Int, at now: Timestamp) throws -> (call: Call?, next: Timestamp?)

    /// Records how a claimed look at Krea's routes ended: routes that were found take the place of all that was known, of an answer that
    /// cannot be read nothing is kept.
    ///
    /// - Throws: ``LeadershipLost``
    func recordCatalogue(_ outcome: CatalogueOutcome, for call: Call, at now: Timestamp) throws

    /// Moves submissions to `unconfirmed` that are `submitting` though their dispatcher is gone, or though no call can last that long.
    ///
    /// - Parameter isGone: Whether the dispatcher of an epoch cannot be making calls any more.
    /// - Returns: When the next one would have been `submitting` too long; nil when none is.
    func recoverInterruptedSubmits(at now: Timestamp, isGone: (Int) -> Bool) throws -> Timestamp?

    /// Takes the right to tell once of the end of the job whose delivery is due first, and counts the attempt. Not a call to Krea: it
    /// passes no pace and is in no ledger.
    func claimDelivery(by epoch: Int, at now: Timestamp) throws -> DeliveryClaim

    /// Records how a claimed attempt ended. Returns the job as it is now.
    ///
    /// - Throws: ``LeadershipLost``
    @discardableResult
    func recordDelivery(_ outcome: DeliveryOutcome, for attempt: DeliveryAttempt, at now: Timestamp) throws -> Job

    /// Moves everything that lies ahead along if the wall clock was put forward or back since the last dispatcher looked, so that no wait
    /// changes; see ``ClockOrigin``.
    func follow(_ clock: ClockOrigin) throws

    /// Lets nothing be submitted, for the reason in these words, until the operator lets them go on; see ``Pace/pause(because:)``.
    func pause(because words: String) throws

    /// Lets the queue go on that something holds; see ``Pace/release(isOperator:at:rules:)``. For the operator stored times are brought back
    /// too, as when a dispatcher begins; so the store has to follow the clock first.
    ///
    /// - Returns: What has ended by that.
    @discardableResult
    func release(isOperator: Bool, at now: Timestamp) throws -> [EndedHold]

    /// Removes jobs that finished before `moment`, but for those of ``Client/signed``, and calls that ended before it; the IDs of the jobs are
    /// remembered. Returns how many jobs.
    func removeFinished(before moment: Timestamp) throws -> Int

    /// The calls to Krea with a number above `id`, in the order of their numbers.
    func calls(after id: Int64, limit: Int) throws -> [Call]
}

extension DispatchStore {
    /// The operator lets the queue go on, whatever holds it.
    @discardableResult
    public func release(at now: Timestamp) throws -> [EndedHold] {
        try release(isOperator: true, at: now)
    }

    /// Takes the right to submit the first waiting job, without a webhook.
    public func claimSubmit(by epoch: Int, at now: Timestamp) throws -> Claim {
        try claimSubmit(by: epoch, at: now, webhookKey: nil)
    }
}

/// The answer to a dispatcher that wants to call Krea.
public enum Claim: Hashable, Sendable {
    /// The call may and shall be made now, once, for this job's submission with the number ``Call/part``.
    case granted(Call, Job)
    /// There is something to do, but not before this moment.
    case notBefore(Timestamp)
    /// There is nothing to do.
    case nothing
}

/// There is no job with this ID.
public struct UnknownJob: Error, Hashable, Sendable {
    /// The ID.
    public let id: JobID

    /// An ID that no job has.
    public init(id: JobID) {
        self.id = id
    }
}

/// Another dispatcher has taken over.
public struct LeadershipLost: Error, Hashable, Sendable {
    /// The one value.
    public init() {}
}
