/// What the operator's commands need of the store.
public protocol OperatorStore: LedgerStore {
    /// Lets nothing be submitted, for the reason in these words, until the operator lets the queue go on; see ``Pace/pause(because:)``.
    func pause(because words: String) throws

    /// Lets the queue go on that something holds; see ``Pace/release(isOperator:at:rules:)``. For the operator stored times are brought back
    /// too, as when a dispatcher begins; so the store has to follow the clock first.
    ///
    /// - Returns: What has ended by that.
    @discardableResult
    func release(isOperator: Bool, at now: Timestamp) throws -> [EndedHold]
}

extension OperatorStore {
    /// The operator lets the queue go on, whatever holds it.
    @discardableResult
    public func release(at now: Timestamp) throws -> [EndedHold] {
        try release(isOperator: true, at: now)
    }
}

/// The ledger of all calls to Krea.
public protocol LedgerStore: Sendable {
    /// The calls to Krea with a number above `id`, in the order of their numbers.
    func calls(after id: Int64, limit: Int) throws -> [Call]
}
