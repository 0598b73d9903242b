public import CoreMetrics
public import Jobs
public import KreaAPI
public import Logging

/// The dispatcher's dependencies.
public struct Dependencies: Sendable {
    let store: ClockedStore
    let krea: KreaClient
    let pictures: (any PictureArchive)?
    let kreaWebhooks: KreaWebhookSettings?
    let webhookMessages: @Sendable () -> WebhookMessages?
    let liveness: any LeaderLiveness
    let clock: any Clock<Duration>
    let now: @Sendable () -> Timestamp
    let keepFinished: Duration
    let leadershipStatus: LeadershipStatus
    let meter: CallMeter
    let attempts: AttemptMeter
    let logger: Logger

    /// The dependencies of a dispatcher that works on `store` and calls `krea`.
    ///
    /// - Parameters:
    ///   - kreaWebhooks: How Krea is asked to call; nil when it is not.
    ///   - webhookMessages: How programs are told of the end of their jobs, asked whenever there may be something to tell; nil while they are not.
    ///   - pictures: Keeps copies of pictures; nil where none are wanted.
    ///   - liveness: Shows dispatchers on the same store to one another.
    ///   - clock: Waits.
    ///   - now: Tells the wall-clock time, by which everything is stored and decided.
    ///   - wallClock: Compares the wall clock with the boot clock, which cannot be set.
    ///   - keepFinished: How long finished jobs are kept.
    ///   - leadershipStatus: Is told whether this process dispatches.
    ///   - metrics: Where calls to Krea, fetches of pictures and messages to programs are measured.
    public init(
        store: any DispatchStore, krea: KreaClient, kreaWebhooks: KreaWebhookSettings? = nil,
        webhookMessages: @escaping @Sendable () -> WebhookMessages? = { nil },
        pictures: (any PictureArchive)? = nil, liveness: any LeaderLiveness, clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Timestamp, wallClock: @escaping @Sendable () -> ClockOrigin, keepFinished: Duration,
        leadershipStatus: LeadershipStatus = LeadershipStatus(), metrics: any MetricsFactory = NOOPMetricsHandler.instance, logger: Logger
    ) {
        self.store = ClockedStore(store, now: now, clock: wallClock)
        self.krea = krea
        self.kreaWebhooks = kreaWebhooks
        self.webhookMessages = webhookMessages
        self.pictures = pictures
        self.liveness = liveness
        self.clock = clock
        self.now = now
        self.keepFinished = keepFinished
        self.leadershipStatus = leadershipStatus
        meter = CallMeter(metrics)
        attempts = AttemptMeter(metrics)
        self.logger = logger
    }
}
