/// What telling programs of the end of their jobs needs of the store. A delivery is no call to Krea: it passes no pace and is in no ledger.
public protocol DeliveryStore: Sendable {
    /// Takes the right to tell once of the end of the job whose delivery is due first, and counts the attempt.
    ///
    /// - Throws: ``LeadershipLost``
    func claimDelivery(by epoch: Int, at now: Timestamp) throws -> Claim<GrantedDelivery>

    /// Records how a claimed attempt ended. Returns the job as it is now.
    ///
    /// - Throws: ``LeadershipLost``
    @discardableResult
    func recordDelivery(_ outcome: DeliveryOutcome, for attempt: DeliveryAttempt, at now: Timestamp) throws -> Job
}
