import Synchronization

/// A clock on which time stands still until it is released; says when somebody has begun to wait.
final class HeldClock: Clock {
    let now = ContinuousClock.now
    let minimumResolution = Duration.zero
    private let asked = AsyncStream<Void>.makeStream()
    private let released = AsyncStream<Void>.makeStream()

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        asked.continuation.finish()
        for await _ in released.stream {}
    }

    /// Waits until somebody sleeps.
    func isAsked() async {
        for await _ in asked.stream {}
    }

    /// Ends the sleep.
    func release() {
        released.continuation.finish()
    }
}
