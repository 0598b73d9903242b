import CoreMetrics
import Jobs
import Logging
import Synchronization
import TestSupport

@testable import Dispatcher

/// A store, a simulated Krea and dispatchers between them, in virtual time: hours pass in seconds.
final class DispatcherFixture {
    let time: TestTime
    let krea: SimulatedTransport
    let store: any JobStore
    let liveness = MemoryLiveness()
    private let pictures: (any PictureArchive)?
    private(set) var dispatcher: VirtualDispatcher
    private let kreaWebhooks: KreaWebhookSettings?
    private let webhookMessages: WebhookMessages?
    /// The hosts beside Krea's own on which results may be.
    let resultHosts = AllowedHosts()
    let log = LogRecorder()
    private var accepted: UInt64 = 0

    /// A world whose dispatcher asks for Krea's routes only if `readsRoutes`; then there is always something left to do, as there is with
    /// `pictures`.
    ///
    /// - Parameter webhooks: Whether Krea is asked to call. Who takes the calls is the test's business.
    init(
        time: TestTime = TestTime(), _ krea: (TestTime) -> SimulatedTransport = { SimulatedTransport(time: $0) },
        store: any JobStore = temporaryStore(), readsRoutes: Bool = false, pictures: (any PictureArchive)? = nil,
        webhooks: Bool = false, webhookMessages: WebhookMessages? = nil, metrics: any MetricsFactory = NOOPMetricsHandler.instance
    ) async throws {
        self.time = time
        self.krea = krea(time)
        self.store = store
        self.pictures = pictures
        kreaWebhooks = webhooks ? .sample : nil
        self.webhookMessages = webhookMessages
        dispatcher = try await VirtualDispatcher(
            store, self.krea, time, liveness, readsRoutes: readsRoutes, pictures, kreaWebhooks: kreaWebhooks,
            webhookMessages: webhookMessages,
            metrics: metrics, logger: Self.warnings(of: log), resultHosts: resultHosts)
    }

    /// Of thousands of calls nothing is kept but what is worth a warning.
    private static func warnings(of log: LogRecorder) -> Logger {
        var logger = log.logger
        logger.logLevel = .warning
        return logger
    }

    /// Another process on the same store, which has just taken over.
    func takeOver() async throws -> VirtualDispatcher {
        try await VirtualDispatcher(
            store, krea, time, liveness, pictures, kreaWebhooks: kreaWebhooks, webhookMessages: webhookMessages,
            logger: Self.warnings(of: log),
            resultHosts: resultHosts)
    }

    /// The process is killed, with whatever it had in memory, and a new one takes over.
    func restart() async throws {
        liveness.withdraw(dispatcher.epoch)
        dispatcher = try await takeOver()
    }

    @discardableResult
    func accept(_ prompt: String, _ members: [String: JSONValue] = [:], client: Client? = nil, tell url: String? = nil) throws -> JobID {
        accepted += 1
        var job = try Job.sample(
            accepted, prompt: prompt, members: members, client: client ?? Client(key: "user:\(accepted)"), by: store.catalogue(),
            at: time.now)
        job.delivery = url.map(WebhookDelivery.init)
        guard case .new = try store.accept(job, key: nil) else { throw UnknownJob(id: job.id) }
        return job.id
    }

    /// Lets the dispatcher work until nothing is left to do, or until `moment`.
    func run(until moment: Timestamp? = nil) async throws {
        try await dispatcher.run(until: moment)
    }

    func job(_ id: JobID) throws -> Job {
        guard let job = try store.job(id)?.job else { throw UnknownJob(id: id) }
        return job
    }
}

/// The services of one process, without their loops: they are called in turn, and time moves on to what is due next.
final class VirtualDispatcher {
    let epoch: Int
    private let time: TestTime
    private let krea: SimulatedTransport
    private var services: [any DispatchService]

    init(
        _ store: any JobStore, _ krea: SimulatedTransport, _ time: TestTime, _ liveness: MemoryLiveness, readsRoutes: Bool = false,
        _ pictures: (any PictureArchive)? = nil, kreaWebhooks: KreaWebhookSettings? = nil, webhookMessages: WebhookMessages? = nil,
        metrics: any MetricsFactory = NOOPMetricsHandler.instance,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        resultHosts: AllowedHosts = AllowedHosts()
    ) async throws {
        self.time = time
        self.krea = krea
        let dependencies = Dependencies.sample(
            store, krea, time, liveness: liveness, kreaWebhooks: kreaWebhooks, metrics: metrics, logger: logger,
            resultHosts: { resultHosts.hosts })
        epoch = try dependencies.store { try $0.takeOver(at: $1) }
        try liveness.show(epoch)
        let context = ServiceContext(dependencies, epoch)
        services =
            [Submitter(context: context), Canceller(context: context), Poller(context: context), Reconciler(context: context)]
            + (readsRoutes ? [CatalogueReader(context: context)] : [])
        if let pictures { services.append(PictureFetcher(context: context, archive: pictures)) }
        if let webhookMessages { services.append(WebhookDeliverer(context: context, webhookMessages: { webhookMessages })) }
    }

    /// Lets every service do once what it may do now. Returns when there is more to do.
    func turn() async throws -> Timestamp? {
        var moments: [Timestamp] = []
        for service in services {
            if let moment = try await service.runOnce() { moments.append(moment) }
        }
        return moments.min()
    }

    /// Krea's webhooks come in between when they are due.
    func run(until moment: Timestamp? = nil) async throws {
        while true {
            // Twice, because a later service may have given an earlier one something to do.
            _ = try await turn()
            let due = try await turn()
            if krea.sendWebhooks() { continue }
            guard let next = [due, krea.nextWebhook].compactMap(\.self).min() else { return }
            if let moment, next >= moment { return time.advance(to: moment) }
            time.advance(to: next)
        }
    }
}

/// The hosts beside Krea's own, as an operator changes them.
final class AllowedHosts: Sendable {
    private let list = Mutex(HostList.none)

    var hosts: HostList { list.withLock { $0 } }

    func allow(_ hosts: HostList) { list.withLock { $0 = hosts } }
}

extension KreaWebhookSettings {
    /// To this machine, with a new key for each submission.
    static var sample: KreaWebhookSettings {
        let last = Mutex<UInt64>(0)
        return KreaWebhookSettings(publicURL: "http://127.0.0.1/krea") {
            var generator = SeededGenerator(
                seed: last.withLock { last in
                    last += 1; return last
                })
            return .random(using: &generator)
        }
    }
}
