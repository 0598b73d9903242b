import Dispatch
public import Jobs
import Synchronization

/// Collects the state of the service from its parts.
public final class StatusCollector: Sendable {
    /// The sources of the figures.
    public struct Sources: Sendable {
        var version: String
        var startedAt: Timestamp
        var store: any StatusStore
        var metrics: MetricsRegistry
        var calls: String
        var fastCGI: @Sendable () -> FastCGIStatus
        var role: @Sendable () -> Role
        var onWorker: @Sendable (_ done: @escaping @Sendable () -> Void) -> Void
        var now: @Sendable () -> Timestamp

        /// The closures must not block.
        ///
        /// - Parameters:
        ///   - calls: The name of the timer of calls to Krea, with the dimensions `kind` and `outcome`.
        ///   - onWorker: Calls `done` on a worker thread, as soon as one is free.
        public init(
            version: String, startedAt: Timestamp, store: any StatusStore, metrics: MetricsRegistry, calls: String,
            fastCGI: @escaping @Sendable () -> FastCGIStatus, role: @escaping @Sendable () -> Role,
            onWorker: @escaping @Sendable (_ done: @escaping @Sendable () -> Void) -> Void, now: @escaping @Sendable () -> Timestamp
        ) {
            self.version = version
            self.startedAt = startedAt
            self.store = store
            self.metrics = metrics
            self.calls = calls
            self.fastCGI = fastCGI
            self.role = role
            self.onWorker = onWorker
            self.now = now
        }
    }

    /// How long to wait for the parts, and how often to ask them.
    public struct Patience: Sendable {
        /// The longest that an answer waits for the store or a worker.
        public var answer: Duration = .seconds(1)
        /// The greatest age of figures from the store.
        public var freshness: Duration = .seconds(1)
        /// How long workers may accept no work before the service counts as dead.
        public var workers: Duration = .seconds(20)
        /// The least time between two parts of the audit, which runs only when the status is requested.
        public var ledger: Duration = .seconds(10)

        /// The service's patience.
        public init() {}
    }

    private struct Reading: Sendable {
        let overview: StoreOverview
        let readAt: Timestamp
        let ledger: ServiceStatus.Ledger
    }

    private let sources: Sources
    private let patience: Patience
    private let reading: Probe<Result<Reading, StoreFailure>>
    private let writing: Probe<StoreFailure?>
    private let working: Probe<Void>
    private let hasServed = Atomic<Bool>(false)
    /// The number of requests that workers had accepted, and when it was last seen to change.
    private let progress: Mutex<(requests: Int, at: ContinuousClock.Instant?)>

    /// - Parameter queue: The queue on which callers get their results.
    init(_ sources: Sources, _ patience: Patience, on queue: DispatchQueue) {
        self.sources = sources
        self.patience = patience
        progress = Mutex((sources.fastCGI().requests, nil))
        let (store, now) = (sources.store, sources.now)
        let ledger = Mutex((check: LedgerCheck(store.rules), next: Timestamp.epoch))
        reading = Probe(
            every: patience.freshness, patience: patience.answer, on: queue,
            blocking: {
                StoreFailure.catching {
                    let time = now()
                    let overview = try store.overview(at: time)
                    return try ledger.withLock { ledger in
                        if time >= ledger.next {
                            try ledger.check.readNext(store, at: time)
                            ledger.next = time + patience.ledger
                        }
                        return Reading(overview: overview, readAt: time, ledger: .init(ledger.check, latest: overview.latestCall))
                    }
                }
            })
        writing = Probe(
            every: patience.freshness, patience: patience.answer, on: queue,
            blocking: {
                switch StoreFailure.catching({ try store.proveWritable() }) {
                case .success: nil
                case .failure(let failure): failure
                }
            })
        working = Probe(every: .zero, patience: patience.answer, on: queue) { answer in sources.onWorker { answer(()) } }
    }

    /// Calls `body` on the queue with the state of the service, within twice the patience.
    func status(full: Bool, _ body: @escaping @Sendable (ServiceStatus) -> Void) {
        reading.outcome { [self] read in
            writing.outcome { [self] written in body(status(full: full, read, written)) }
        }
    }

    /// The metrics that other modules measured.
    var measured: [MetricFamily] { sources.metrics.families }

    /// Calls `body` on the queue with nil if the store can be written, else with a sentence.
    func readiness(_ body: @escaping @Sendable (_ problem: String?) -> Void) {
        writing.outcome { body(Self.problem($0)) }
    }

    /// Calls `body` on the queue with nil if workers accept work, else with a sentence.
    func liveness(_ body: @escaping @Sendable (_ problem: String?) -> Void) {
        let limit = patience.workers
        working.outcome { [self] outcome in
            switch outcome {
            case .answered:
                hasServed.store(true, ordering: .relaxed)
                body(nil)
            case .late(let time, _):
                // Workers that are busy with one request after another are alive.
                let time = min(time, timeWithoutProgress(at: .now))
                body(time < limit ? nil : "No worker has accepted any work for \(time.components.seconds) s.")
            }
        }
    }

    /// How long no request has been accepted, at least.
    private func timeWithoutProgress(at now: ContinuousClock.Instant) -> Duration {
        let requests = sources.fastCGI().requests
        return progress.withLock { progress in
            if progress.requests != requests { progress = (requests, now) }
            return progress.at.map { now - $0 } ?? .seconds(Int64.max)
        }
    }

    /// Calls `body` on the queue with nil if a worker has ever accepted work, else with a sentence.
    func startup(_ body: @escaping @Sendable (_ problem: String?) -> Void) {
        guard !hasServed.load(ordering: .relaxed) else { return body(nil) }
        liveness { [self] _ in
            body(hasServed.load(ordering: .relaxed) ? nil : "No worker has accepted any work yet.")
        }
    }

    private func status(
        full: Bool, _ read: Probe<Result<Reading, StoreFailure>>.Outcome, _ written: Probe<StoreFailure?>.Outcome
    ) -> ServiceStatus {
        let now = sources.now()
        let (known, readProblem): (Reading?, String?) =
            switch read {
            case .answered(.success(let reading)): (reading, nil)
            case .answered(.failure(let failure)): (nil, "The store cannot be read: \(failure.text)")
            case .late(let time, let last): (try? last?.get(), "The store has not answered a read for \(time.milliseconds) ms.")
            }
        let writeProblem = Self.problem(written)
        let fastCGI = sources.fastCGI()
        return ServiceStatus(
            version: sources.version, now: Moment(now), startedAt: Moment(sources.startedAt),
            uptimeSeconds: (now - sources.startedAt).seconds, role: sources.role(), fastcgi: fastCGI,
            store: ServiceStatus.Store(
                isReadable: readProblem == nil, isWritable: writeProblem == nil, problem: readProblem ?? writeProblem,
                bytes: known?.overview.bytes, walBytes: known?.overview.logBytes),
            storeReadAt: known.map { Moment($0.readAt) }, dispatcherEpoch: known?.overview.term.epoch,
            queue: known.map { ServiceStatus.Queue($0.overview, now: now) },
            catalogue: known.map { ServiceStatus.Catalogue($0.overview, now: now) }, ledger: known?.ledger,
            krea: sources.metrics.distributions(of: sources.calls).map(ServiceStatus.Calls.init), workers: full ? fastCGI.workers : nil)
    }

    private static func problem(_ outcome: Probe<StoreFailure?>.Outcome) -> String? {
        switch outcome {
        case .answered(nil): nil
        case .answered(let failure?): "The store cannot be written: \(failure.text)"
        case .late(let time, _): "The store has not completed a write for \(time.milliseconds) ms."
        }
    }
}

/// The text of an error from the store.
struct StoreFailure: Error {
    let text: String

    static func catching<Value>(_ body: () throws -> Value) -> Result<Value, StoreFailure> {
        do { return .success(try body()) } catch { return .failure(StoreFailure(text: "\(error)")) }
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }

    /// The duration in milliseconds, rounded down.
    fileprivate var milliseconds: Int { Int(self / .milliseconds(1)) }
}

extension FastCGIStatus {
    /// How many requests all workers have accepted.
    fileprivate var requests: Int { workers.reduce(0) { $0 + $1.requests } }
}
