/// What the dispatcher needs of the store.
///
/// The right to call Krea is a row and not a timer. A claim is granted to one caller only, it is in the ledger before the call is
/// made, and only the present dispatcher gets one: each has its epoch, and what an earlier one claims or brings is refused with
/// ``LeadershipLost``.
public protocol DispatchStore: PictureStore, DeliveryStore {
    /// Calls `observer` after each change that may give the dispatcher something to do, also after those of other processes.
    ///
    /// It need not be called for a job that waits behind others, nor for a poll that changed nothing but when that submission's next poll
    /// is due.
    ///
    /// - Returns: Ends the observation.
    @discardableResult
    func observeChanges(_ observer: @escaping @Sendable () -> Void) -> @Sendable () -> Void

    /// Makes the caller the dispatcher and returns its epoch, higher than all before. Ends what held the queue because of the token, and
    /// brings back every stored time that lies further ahead than any rule can have put it; see ``Pace/bound(at:rules:)``. The store has to
    /// follow the clock first.
    func takeOver(at now: Timestamp) throws -> Int

    /// Says that the dispatcher of this epoch is alive. Throws ``LeadershipLost``.
    func heartbeat(_ epoch: Int, at now: Timestamp) throws

    /// The latest dispatcher, and when it was last known to be alive.
    func latestLeaderTerm() throws -> LeaderTerm

    /// Takes the right to make the first submission in the queue whose time has come: moves it to `submitting` at the route that the
    /// catalogue has for its model, grants the body that this route takes, and puts the next submission off. One for whose model there is no
    /// route any more fails instead. What may be spent in a day is never exceeded: a submission that would do so waits for the next day,
    /// with all behind it.
    ///
    /// - Parameter webhookKey: The key in the webhook URL given to Krea; nil if none is.
    func claimSubmit(by epoch: Int, at now: Timestamp, webhookKey: WebhookKey?) throws -> Claim<GrantedCall>

    /// Records how a claimed submission ended, for it, for the pace, and for the catalogue if its route is gone: then it waits for its turn
    /// at the next route of its model, or fails when there is none. Returns the job as it is now.
    ///
    /// - Throws: ``LeadershipLost``, ``IllegalTransition`` when it is neither `submitting` nor `unconfirmed`.
    @discardableResult
    func recordSubmit(_ result: CallResult<KreaJob>, for call: Call, at now: Timestamp) throws -> Job

    /// Takes the right to ask Krea once for the submission whose poll is due first, and counts the poll: one that runs, or a completed one
    /// whose addresses have expired.
    func claimPoll(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedCall>

    /// Records how a claimed poll ended, for the submission, if it still waits for an answer, and for the pace. Where addresses have
    /// changed, the pictures follow them and are due at once. Returns the job as it is now.
    ///
    /// - Throws: ``LeadershipLost``
    @discardableResult
    func recordPoll(_ result: CallResult<KreaJob>, for call: Call, at now: Timestamp) throws -> Job

    /// Takes the right to tell Krea once to cancel a running submission that is no longer wanted.
    func claimCancel(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedCall>

    /// Records how a claimed cancellation ended, for the submission, if it still runs, and for the pace. Returns the job as it is now.
    ///
    /// - Throws: ``LeadershipLost``
    @discardableResult
    func recordCancel(_ result: CallResult<Accepted>, for call: Call, at now: Timestamp) throws -> Job

    /// Takes the right to ask Krea once for the account's list, if there is a submission that is `unconfirmed`.
    func claimList(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedCall>

    /// Records what Krea's list tells about every submission that is `unconfirmed`; see ``Reconciliation``.
    ///
    /// - Parameter isGone: Whether the dispatcher of an epoch cannot be making calls any more. Only then a submission that it has claimed goes
    ///   back into the queue.
    /// - Throws: ``LeadershipLost``
    func recordList(
        _ result: CallResult<AccountList>, for call: Call, at now: Timestamp, isGone: (Int) -> Bool
    ) throws -> Reconciliation

    /// Takes the right to ask once for Krea's routes.
    func claimCatalogue(by epoch: Int, at now: Timestamp) throws -> Claim<Call>

    /// Records how a claimed call for Krea's routes ended: routes that were found replace all that was known, an answer that cannot be read
    /// changes nothing.
    ///
    /// - Throws: ``LeadershipLost``
    func recordCatalogue(_ result: CallResult<[KreaRoute]>, for call: Call, at now: Timestamp) throws

    /// Moves submissions to `unconfirmed` that are `submitting` though their dispatcher is gone, or though no call can last that long.
    ///
    /// - Parameter isGone: Whether the dispatcher of an epoch cannot be making calls any more.
    /// - Returns: When the next one would have been `submitting` too long; nil when none is.
    func recoverInterruptedSubmits(at now: Timestamp, isGone: (Int) -> Bool) throws -> Timestamp?

    /// Moves everything that lies ahead along if the wall clock was put forward or back since the last dispatcher checked, so that no wait
    /// changes; see ``ClockOrigin``.
    func follow(_ clock: ClockOrigin) throws

    /// Removes jobs that finished before `moment`, except those of ``Client/signed``, and calls that ended before it; the IDs of the jobs are
    /// remembered. Returns how many jobs.
    func removeFinished(before moment: Timestamp) throws -> Int
}

extension DispatchStore {
    /// Takes the right to submit the first waiting job, without a webhook.
    public func claimSubmit(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedCall> {
        try claimSubmit(by: epoch, at: now, webhookKey: nil)
    }
}

/// Another dispatcher has taken over.
public struct LeadershipLost: Error, Hashable, Sendable {
    /// The one value.
    public init() {}
}
