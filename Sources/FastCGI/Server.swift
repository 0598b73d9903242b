import Answers
public import CoreMetrics
public import Logging
public import ServiceLifecycle
import Synchronization

/// Answers FastCGI requests until it is told to stop.
///
/// Requests are answered on threads of its own, several at once. The process lives on whatever a responder throws and whatever a
/// trusted peer leaves half done.
public final class Server: Service {
    /// The name of the timer of requests, with the dimension `status`: `2xx` and so on.
    public static let requestTimer = RequestMeter.name

    /// How often it is said at most that there are as many connections as there may be.
    private static let fullNotice: Duration = .seconds(10)

    private let socket: ListeningSocket
    private let settings: Settings
    private let logger: Logger
    private let clock: any Clock<Duration>
    private let exchange: RequestHandler
    private let workerTasks = WorkerTasks()
    private let scoreboard: Scoreboard
    private let running = Mutex<ReadyQueue?>(nil)
    private let firstHeld: AsyncStream<Void>.Continuation

    /// Yields when a request is held and none was before. For one reader.
    public let holding: AsyncStream<Void>

    /// Prepares libfcgi; nothing is accepted before ``run()``.
    ///
    /// Signals have to be blocked before (``Signals/prepareProcess()``): libfcgi installs handlers of its own. `requestID` names a request
    /// to which the web server has given no `X-Request-ID`; the name is in the answer, in the log and for the ``ProblemPage``. `slowAfter`
    /// says from when on a request is worth a warning, and `redactedPath` what the log shows of its address. `clock` measures the drain time.
    /// How long requests take is measured with `metrics`. Throws a ``ListenError`` if libfcgi cannot be used.
    public init(
        socket: ListeningSocket,
        settings: Settings = Settings(),
        logger: Logger,
        metrics: any MetricsFactory = NOOPMetricsHandler.instance,
        clock: any Clock<Duration> = ContinuousClock(),
        respond: @escaping Responder,
        problemPage: @escaping ProblemPage,
        slowAfter: @escaping @Sendable () -> Duration = { .seconds(1) },
        redactedPath: @escaping @Sendable (String) -> String = { $0 },
        requestID: @escaping @Sendable () -> String
    ) throws {
        precondition(
            settings.threads > 0 && settings.connections > 0 && (0..<Int(Int32.max)).contains(settings.bodyLimit),
            "The settings make no sense.")
        guard FCGXRequest.isLibraryReady else { throw ListenError("libfcgi cannot be used.") }
        self.socket = socket
        self.settings = settings
        self.logger = logger
        self.clock = clock
        scoreboard = Scoreboard(workers: settings.threads)
        (holding, firstHeld) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        exchange = RequestHandler(
            bodyLimit: settings.bodyLimit,
            logger: logger,
            respond: respond,
            problemPage: problemPage,
            requestID: requestID,
            meter: RequestMeter(metrics),
            log: RequestLog(logger: logger, slowAfter: slowAfter, redactedPath: redactedPath)
        )
    }

    /// Serves until graceful shutdown or cancellation, and returns when the last request is answered. To be called once.
    ///
    /// Stopping goes in this order, and no request is lost on the way: no more connections are accepted (those that wait stay in the
    /// backlog); held requests get their last answer; web servers are told to let kept connections go, and what they send meanwhile is
    /// answered; when all are gone, or after the drain time, the threads are let go, after the request that each is at; what readers have not
    /// taken of answers yet is sent; connections that are still idle, or have brought half a request, are closed.
    /// Throws a ``ListenError`` if the threads cannot be started.
    public func run() async throws {
        defer { workerTasks.close() }
        let lastFull = Mutex<ContinuousClock.Instant?>(nil)
        let queue = try ReadyQueue(
            listening: socket.descriptor, workerTasks: workerTasks.descriptor, workers: settings.threads, limit: settings.connections,
            memory: settings.memory, whenHeld: { [firstHeld] in firstHeld.yield() }
        ) { [logger, settings] in
            let isNews = lastFull.withLock { last in
                let now = ContinuousClock.now
                guard last.map({ $0.duration(to: now) > Self.fullNotice }) ?? true else { return false }
                last = now
                return true
            }
            guard isNews else { return }
            logger.warning(
                "There are as many connections as there may be; more wait until some have gone.",
                metadata: ["connections": "\(settings.connections)"])
        }
        let worker = Worker(
            queue: queue,
            acceptor: Acceptor(socket: socket, ioTimeout: settings.ioTimeout, logger: logger),
            exchange: exchange,
            workerTasks: workerTasks,
            scoreboard: scoreboard,
            limits: IncomingRequest.Limits(body: settings.bodyLimit, grace: settings.ioTimeout, total: settings.requestTime),
            heldLimit: settings.held
        )
        running.withLock { $0 = queue }
        defer { running.withLock { $0 = nil } }
        let watch = LeaderWatch(queue: queue)
        let workerPool = try WorkerPool(
            count: settings.threads + 1, work: { [settings] in $0 < settings.threads ? worker.run($0) : watch.run() }, dismiss: queue.stop)
        logger.info("Serving FastCGI.", metadata: ["address": "\(socket.address)", "threads": "\(settings.threads)"])

        // Cancellation is a way to stop as good as the other.
        try? await gracefulShutdown()
        logger.info("Stopping: requests in flight are answered.")
        // A task of its own, because a cancelled one would not wait.
        await Task { [clock, settings] in
            let connections = AsyncStream<Never>.makeStream()
            queue.stopAccepting { connections.continuation.finish() }
            await withTaskGroup { group in
                group.addTask { try? await clock.sleep(for: settings.drainTime) }
                group.addTask { for await _ in connections.stream {} }
                await group.next()
                group.cancelAll()
            }
            queue.stop()
            await workerPool.ended()
            let end = ContinuousClock.now + settings.ioTimeout
            for (connection, answer) in queue.unsentAnswers { answer.finish(on: connection, until: end) }
        }.value
        logger.info("Stopped.")
    }

    /// What the workers are at.
    public var workers: Scoreboard.Snapshot { scoreboard.snapshot }

    /// How many connections are open on which there is no request.
    public var idleConnections: Int { running.withLock { $0?.idleCount ?? 0 } }

    /// How many requests are held: their answer, or the rest of it, waits.
    public var heldRequests: Int { running.withLock { $0?.heldCount ?? 0 } }

    /// Goes on with the answers that wait for one of these subjects; with all that wait if it is nil.
    public func wake(_ subjects: [some Hashable]?) {
        running.withLock { $0 }?.wake(subjects.map { Set($0.lazy.map { Wait.topic(of: $0) }) })
    }

    /// Has `work` done by one of the threads that answer requests, as soon as one is free; not at all when the server ends before.
    public func whenWorkerIsFree(_ work: @escaping @Sendable () -> Void) {
        _ = workerTasks.add { isDone in if isDone { work() } }
    }

    /// Has `work` done by one of the threads that answer requests, as soon as one is free.
    ///
    /// It waits for ``run()`` to begin. Nil when the task is cancelled or the server ends before a thread has taken it up.
    public func onWorker<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result? {
        let item = Mutex<WorkerTasks.Item?>(nil)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let added = workerTasks.add { isDone in continuation.resume(returning: isDone ? work() : nil) }
                item.withLock { $0 = added }
                if Task.isCancelled { added.end(false) }
            }
        } onCancel: {
            item.withLock { $0 }?.end(false)
        }
    }
}
