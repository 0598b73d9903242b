import CoreMetrics
import Dispatcher
import FastCGI
import FoundationEssentials
import Glibc
import HTTPClient
import HTTPTypes
import Jobs
import KreaAPI
import Logging
import Logs
import Pictures
import SQLiteStore
import ServiceLifecycle
import Status
import UnixSignals
import Web
import Webhooks

/// The service: all modules, wired together.
struct Service {
    private let configuration: ServiceConfiguration
    private let logger = Logger(label: "krea-fcgi")
    private let startedAt = WallClock.now()
    private let metrics = Measures.registry()
    private let leadershipStatus = LeadershipStatus()

    private let output: LogOutput
    private let hangups: UnixSignalsSequence

    /// - Parameters:
    ///   - output: The output of all loggers. Its level and format follow the configuration.
    ///   - hangups: Every SIGHUP since before the configuration was read.
    init(_ configuration: ServiceConfiguration, _ output: LogOutput, _ hangups: UnixSignalsSequence) {
        self.configuration = configuration
        self.output = output
        self.hangups = hangups
    }

    /// Runs until SIGTERM, SIGINT or SIGQUIT, then lets requests and calls in flight finish.
    ///
    /// - Throws: ``UnusableKeyFile``, `ListenError`, ``StoreNotOpened``, or the error of a service that could not continue.
    func run() async throws {
        logger.info(
            "Starting.",
            metadata: ["version": "\(KreaFCGI.version)", "configuration": "\(configuration.source.file?.path ?? "environment")"])
        let keys = try configuration.openKeyFile(logger)
        let socket = try ListeningSocket.open(configuration.listenAddress)
        defer { socket.close() }
        let store = try configuration.openWritableStore()
        if let proxy = configuration.proxy {
            logger.info("Krea is reached through a proxy.", metadata: ["proxy": "\(proxy)", "variable": "\(proxy.variable)"])
        }
        let client = HTTPClient(proxy: configuration.proxy?.clientProxy)

        // Services stop in reverse order: first no more requests are accepted, then no more calls are made. The status stays to the end.
        let live = LiveConfiguration(configuration, pages: application(store, keys), store: store, output: output)
        let server = try server(socket, live)
        // The write-ahead log is emptied last, when nothing writes any more.
        var services: [any ServiceLifecycle.Service] = [WALTrimmer(store: store, clock: ContinuousClock(), logger: logger)]
        if let address = configuration.statusListen { services.append(status(at: address, server, socket, store, live)) }
        if configuration.token == nil { logger.error("\(tokenMissingMessage)") }
        services.append(dispatcher(store, live, client))
        services.append(server)
        services.append(
            ChangeWatcher(
                holding: server.holding, held: { server.heldRequests }, changes: try StoreChanges(store).next, wake: { server.wake($0) },
                clock: ContinuousClock()))
        services.append(HeapTrimmer(clock: ContinuousClock()))
        let manager = SystemdNotifier(environment: ProcessInfo.processInfo.environment, process: getpid())
        if let manager { services.append(watchdogNotifier(manager, server, store)) }
        services.append(
            Reloader(manager: manager, logger: logger, hangups: hangups) { [logger] in
                let (configuration, change) = try live.configuration.taking(ServiceConfiguration(.present()))
                live.change(to: configuration, keys: try configuration.openKeyFile(logger), hasOtherToken: change.isToken)
                return change
            })
        var group = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint, .sigquit], logger: logger)
        // A paid call in flight may take its whole time-out and must still be recorded.
        group.maximumGracefulShutdownDuration = configuration.rules.requestTimeout + .seconds(5)

        try await ServiceGroup(configuration: group).run()
    }

    /// The folder of copies, if it is configured.
    private func pictures(_ client: HTTPClient, _ live: LiveConfiguration) -> PictureFolder? {
        configuration.imagesPath.map { path in
            PictureFolder(
                path: path,
                source: HTTPPictureSource(client: client, userAgent: Self.userAgent, mayFetch: { live.configuration.mayShow($0) }))
        }
    }

    static let userAgent = "Mozilla/5.0 (compatible; krea-fcgi/\(KreaFCGI.version))"

    private func dispatcher(_ store: SQLiteStore, _ live: LiveConfiguration, _ client: HTTPClient) -> Dispatcher {
        let krea = KreaClient(
            server: configuration.server, token: { live.token }, userAgent: Self.userAgent,
            timeout: configuration.rules.requestTimeout, transport: HTTPTransport(client: client),
            resultHosts: { live.configuration.resultHosts })
        let kreaWebhooks = configuration.publicURL.map { KreaWebhookSettings(publicURL: $0, newKey: WebhookKey.random) }
        return Dispatcher(
            Dependencies(
                store: store, krea: krea, kreaWebhooks: kreaWebhooks, webhookMessages: { Self.webhookMessages(live.configuration, client) },
                pictures: pictures(client, live),
                liveness: FileLiveness(beside: configuration.storePath), now: WallClock.now, wallClock: WallClock.origin,
                keepFinished: .seconds(86_400 * configuration.keepDays), leadershipStatus: leadershipStatus, metrics: metrics,
                logger: logger))
    }

    /// Delivers webhook messages to other programs; nil if no host is allowed.
    private static func webhookMessages(_ configuration: ServiceConfiguration, _ client: HTTPClient) -> WebhookMessages? {
        guard let secret = configuration.webhookSecret, !configuration.webhookHosts.isEmpty else { return nil }
        let message = JobMessage(
            publicURL: configuration.publicURL, keepsPictures: configuration.imagesPath != nil, rules: configuration.rules)
        return WebhookMessages(
            sender: SignedSender(hosts: configuration.webhookHosts, secret: secret, post: HTTPPost(client: client, userAgent: userAgent)),
            body: message.body)
    }

    private func status(
        at address: ListenAddress, _ server: Server, _ socket: ListeningSocket, _ store: SQLiteStore, _ live: LiveConfiguration
    ) -> StatusService {
        let sources = StatusCollector.Sources(
            version: KreaFCGI.version, startedAt: startedAt, store: store, metrics: metrics, calls: CallMeter.calls,
            fastCGI: { FastCGIStatus(server, on: socket) },
            role: { [leadershipStatus] in live.token == nil ? .withoutToken : leadershipStatus.epoch == nil ? .standby : .dispatcher },
            onWorker: { server.whenWorkerIsFree($0) }, now: WallClock.now)
        return StatusService(address: address, sources: sources, clock: ContinuousClock(), logger: logger)
    }

    private func watchdogNotifier(_ manager: SystemdNotifier, _ server: Server, _ store: SQLiteStore) -> WatchdogNotifier {
        let pulse = Pulse(
            clock: ContinuousClock(), requests: { server.workers.lines.reduce(0) { $0 + $1.requests } },
            readsStore: { await server.onWorker { (try? store.proveReadable()) != nil } })
        return WatchdogNotifier(manager: manager, logger: logger, clock: ContinuousClock(), isAlive: pulse.isAlive)
    }

    private func application(_ store: SQLiteStore, _ keys: KeyFile?) -> Application {
        Application(
            store: store, settings: configuration.pageSettings, logger: logger,
            keyOwner: keys.map { keys -> KeyOwner in { keys.owner(of: $0) } }, signedJob: configuration.signedJob,
            now: WallClock.now,
            newID: JobID.random)
    }

    private func server(_ socket: ListeningSocket, _ live: LiveConfiguration) throws -> Server {
        let descriptors = DescriptorLimit.raise()
        return try Server(
            socket: socket,
            settings: Server.Settings(
                threads: configuration.threads,
                connections: DescriptorLimit.connections(of: descriptors, threads: configuration.threads),
                held: DescriptorLimit.held(of: descriptors)),
            logger: logger,
            metrics: metrics,
            respond: { request, variables, body, mayWait in
                try live.application.respond(
                    to: request, mount: variables.scriptName, user: variables.remoteUser, address: variables.remoteAddress, body: body,
                    mayWait: mayWait)
            },
            problemPage: { request, problem in
                live.application.problem(
                    for: request, status: problem.status, code: problem.code, sentence: problem.sentence, requestID: problem.requestID)
            },
            slowAfter: { live.slowRequest },
            redactedPath: RedactedPath.of,
            requestID: { String(UInt64.random(in: .min ... .max), radix: 16) })
    }
}
