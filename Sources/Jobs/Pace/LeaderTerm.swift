/// The term of one dispatcher.
public struct LeaderTerm: Hashable, Sendable {
    /// Its number; 0 when there has been none.
    public let epoch: Int
    /// When its dispatcher was last known to be alive.
    public let heartbeatAt: Timestamp

    /// A term.
    public init(epoch: Int, heartbeatAt: Timestamp) {
        self.epoch = epoch
        self.heartbeatAt = heartbeatAt
    }
}
