/// Tells whether the process that holds an epoch is alive. It must not lie when a process is killed or stopped.
public protocol LeaderLiveness: Sendable {
    /// Shows that the dispatcher of this epoch is there, until ``withdraw(_:)`` or the end of the process. Throws when that cannot be shown.
    func show(_ epoch: Int) throws

    /// The dispatcher of this epoch makes no call any more.
    func withdraw(_ epoch: Int)

    /// Whether the dispatcher of this epoch is certainly gone; one whose process is only stopped is not.
    func isGone(_ epoch: Int) -> Bool
}
