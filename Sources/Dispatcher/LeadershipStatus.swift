import Synchronization

/// Whether this process dispatches. Any thread may ask.
public final class LeadershipStatus: Sendable {
    private let present = Mutex<Int?>(nil)

    /// Stands by.
    public init() {}

    /// The epoch in whose name this process dispatches; nil while it does not.
    public var epoch: Int? { present.withLock { $0 } }

    func take(_ epoch: Int?) { present.withLock { $0 = epoch } }
}
