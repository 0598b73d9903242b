public import CoreMetrics
public import Jobs
public import KreaAPI
public import Logging

/// What the dispatcher needs of the world.
public struct Surroundings: Sendable {
    let store: ClockedStore
    let krea: KreaClient
    let pictures: (any PictureArchive)?
    let callbacks: Callbacks?
    let announcements: @Sendable () -> Announcements?
    let presence: any Presence
    let clock: any Clock<Duration>
    let now: @Sendable () -> Timestamp
    let keepFinished: Duration
    let standing: Standing
    let meter: CallMeter
    let attempts: AttemptMeter
    let logger: Logger

    /// The surroundings of a dispatcher that works on `store` and calls `krea`.
    ///
    /// - Parameters:
    ///   - callbacks: How Krea is asked to call; nil when it is not.
    ///   - announcements: How programs are told of the end of their jobs, asked whenever there may be something to tell; nil while they are not.
    ///   - pictures: Keeps copies of pictures; nil where none are wanted.
    ///   - presence: Shows dispatchers on the same store to one another.
    ///   - clock: Waits.
    ///   - now: Tells the wall-clock time, by which everything is stored and decided.
    ///   - wallClock: Tells how the wall clock stands to a clock that nobody puts forward or back.
    ///   - keepFinished: How long finished jobs are kept.
    ///   - standing: Is told whether this process dispatches.
    ///   - metrics: Where calls to Krea, fetches of pictures and messages to programs are measured.
    public init(
        store: any JobStore, krea: KreaClient, callbacks: Callbacks? = nil,
        announcements: @escaping @Sendable () -> Announcements? = { nil },
        pictures: (any PictureArchive)? = nil, presence: any Presence, clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Timestamp, wallClock: @escaping @Sendable () -> ClockOrigin, keepFinished: Duration,
        standing: Standing = Standing(), metrics: any MetricsFactory = NOOPMetricsHandler.instance, logger: Logger
    ) {
        self.store = ClockedStore(store, now: now, clock: wallClock)
        self.krea = krea
        self.callbacks = callbacks
        self.announcements = announcements
        self.pictures = pictures
        self.presence = presence
        self.clock = clock
        self.now = now
        self.keepFinished = keepFinished
        self.standing = standing
        meter = CallMeter(metrics)
        attempts = AttemptMeter(metrics)
        self.logger = logger
    }
}
