/// Wall clock minus boot clock: a change reveals that the wall clock was set, even while no process ran.
public struct ClockOrigin: Hashable, Sendable {
    /// What is taken for a step of the clock, and not for a correction of its speed.
    static let leastStep: Duration = .milliseconds(500)

    /// Names the run of the machine in which the other clock counts.
    public let boot: String
    /// What the wall clock would have shown when the other clock stood at zero.
    public let wallAtZero: Timestamp

    /// An origin.
    public init(boot: String, wallAtZero: Timestamp) {
        self.boot = boot
        self.wallAtZero = wallAtZero
    }

    /// The origin by the two clocks, read one right after the other.
    ///
    /// A busy machine may run something else for a second between the two readings, which would look like a step of the clock. So the other
    /// clock is read before and after, and of up to eight tries the one counts in which the least time passed between.
    public static func measure(boot: String, wall: () -> Timestamp, sinceBoot: () -> Duration) -> ClockOrigin {
        func read() -> (uncertainty: Duration, wallAtZero: Timestamp) {
            let before = sinceBoot()
            let now = wall()
            let uncertainty = sinceBoot() - before
            return (uncertainty, now - before - uncertainty / 2)
        }
        var best = read()
        for _ in 2...8 where best.uncertainty >= .milliseconds(1) {
            let next = read()
            if next.uncertainty < best.uncertainty { best = next }
        }
        return ClockOrigin(boot: boot, wallAtZero: best.wallAtZero)
    }

    /// By how much the wall clock was put forward (or back) since `earlier`; nil when it was not, or when that cannot be told because
    /// the machine was started again.
    public func step(since earlier: ClockOrigin) -> Duration? {
        let step = wallAtZero - earlier.wallAtZero
        guard boot == earlier.boot, step >= Self.leastStep || step <= .zero - Self.leastStep else { return nil }
        return step
    }
}

extension Submission {
    /// The wall clock was put forward (or back) by `step`: what was so far away is as far away as before.
    public mutating func shift(by step: Duration) {
        nextRefreshAt = nextRefreshAt.map { $0 + step }
        guard !state.isFinished else { return }
        firstLostAt = firstLostAt.map { $0 + step }
        notBefore = notBefore.map { $0 + step }
        guard state != .waiting else { return }
        startedAt = startedAt.map { $0 + step }
        lostAt = lostAt.map { $0 + step }
        nextPollAt = nextPollAt.map { $0 + step }
        soonestPollAt = soonestPollAt.map { $0 + step }
        nextCancelAt = nextCancelAt.map { $0 + step }
    }
}
