// The background services that talk to Krea: the Submitter and the Poller.
//
// This is the only code that calls KreaAPI. What may be called and when is decided by the store's claims; what an answer
// means is decided by the domain. Here is only the going round: claim, call, record. This module must not know pages,
// requests of the web server, or how the store keeps things.

public import Jobs
public import KreaAPI
public import Logging

/// What the services need of the world.
public struct Surroundings: Sendable {
    let store: AsyncStore
    let krea: KreaClient
    let clock: any Clock<Duration>
    let now: @Sendable () -> Timestamp
    let logger: Logger

    /// The surroundings of services that work on `store` and call `krea`.
    ///
    /// - Parameters:
    ///   - clock: Waits.
    ///   - now: Tells the wall-clock time, by which everything is stored and decided.
    public init(
        store: any JobStore, krea: KreaClient, clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.store = AsyncStore(store)
        self.krea = krea
        self.clock = clock
        self.now = now
        self.logger = logger
    }
}
