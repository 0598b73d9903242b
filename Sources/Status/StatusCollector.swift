import Dispatch
public import Jobs
import Synchronization

/// Puts together how the service is, out of what can be known at once and what has to be asked for.
public final class StatusCollector: Sendable {
    /// What the service is, and where its parts tell how they are.
    public struct Sources: Sendable {
        var version: String
        var startedAt: Timestamp
        var store: any StatusStore
        var metrics: MetricsRegistry
        var calls: String
        var front: @Sendable () -> FastCGIStatus
        var role: @Sendable () -> Role
        var onWorker: @Sendable (_ done: @escaping @Sendable () -> Void) -> Void
        var now: @Sendable () -> Timestamp

        /// Sources. None of the closures blocks.
        ///
        /// - Parameters:
        ///   - calls: The name of the timer of calls to Krea, with the dimensions `kind` and `outcome`.
        ///   - onWorker: Has something called by one of the threads that answer requests, as soon as one is free.
        public init(
            version: String, startedAt: Timestamp, store: any StatusStore, metrics: MetricsRegistry, calls: String,
            front: @escaping @Sendable () -> FastCGIStatus, role: @escaping @Sendable () -> Role,
            onWorker: @escaping @Sendable (_ done: @escaping @Sendable () -> Void) -> Void, now: @escaping @Sendable () -> Timestamp
        ) {
            self.version = version
            self.startedAt = startedAt
            self.store = store
            self.metrics = metrics
            self.calls = calls
            self.front = front
            self.role = role
            self.onWorker = onWorker
            self.now = now
        }
    }

    /// How long something is waited for, and how often it is asked for.
    public struct Patience: Sendable {
        /// How long an answer waits for the store or a worker.
        public var answer: Duration = .seconds(1)
        /// How old what is known of the store may be.
        public var freshness: Duration = .seconds(1)
        /// How long no worker may take anything up, nor any request, before the service counts as dead.
        public var workers: Duration = .seconds(20)
        /// How often the ledger is read while the status is asked for.
        public var ledger: Duration = .seconds(10)

        /// The usual patience.
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
    /// How many requests workers had taken up when that was last seen to have changed.
    private let progress: Mutex<(requests: Int, at: ContinuousClock.Instant?)>

    /// - Parameter queue: Where who asks is told.
    init(_ sources: Sources, _ patience: Patience, on queue: DispatchQueue) {
        self.sources = sources
        self.patience = patience
        progress = Mutex((sources.front().requests, nil))
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
                            try ledger.check.goOn(store, at: time)
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

    /// Calls `body` on the queue with how the service is, at the latest when the patience has ended twice.
    func status(full: Bool, _ body: @escaping @Sendable (ServiceStatus) -> Void) {
        reading.outcome { [self] read in
            writing.outcome { [self] written in body(status(full: full, read, written)) }
        }
    }

    /// Everything that was measured, for the metrics.
    var measured: [MetricFamily] { sources.metrics.families }

    /// Calls `body` on the queue with whether something could be written to the store just now, and with a sentence if not.
    func readiness(_ body: @escaping @Sendable (_ problem: String?) -> Void) {
        writing.outcome { body(Self.problem($0)) }
    }

    /// Calls `body` on the queue with whether workers take something up, and with a sentence if not.
    func life(_ body: @escaping @Sendable (_ problem: String?) -> Void) {
        let limit = patience.workers
        working.outcome { [self] outcome in
            switch outcome {
            case .answered:
                hasServed.store(true, ordering: .relaxed)
                body(nil)
            case .late(let time, _):
                // Workers that are busy with requests one after the other are alive.
                let time = min(time, timeWithoutProgress(at: .now))
                body(time < limit ? nil : "No worker has taken anything up for \(time.components.seconds) s.")
            }
        }
    }

    /// Since when, at the latest, no request was taken up.
    private func timeWithoutProgress(at now: ContinuousClock.Instant) -> Duration {
        let requests = sources.front().requests
        return progress.withLock { progress in
            if progress.requests != requests { progress = (requests, now) }
            return progress.at.map { now - $0 } ?? .seconds(Int64.max)
        }
    }

    /// Calls `body` on the queue with whether the service has answered anything yet, and with a sentence if not.
    func start(_ body: @escaping @Sendable (_ problem: String?) -> Void) {
        guard !hasServed.load(ordering: .relaxed) else { return body(nil) }
        life { [self] _ in
            body(hasServed.load(ordering: .relaxed) ? nil : "No worker has taken anything up yet.")
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
            case .late(let time, let last): (try? last?.get(), "The store has not answered for \(time.milliseconds) ms.")
            }
        let writeProblem = Self.problem(written)
        let front = sources.front()
        return ServiceStatus(
            version: sources.version, now: Moment(now), startedAt: Moment(sources.startedAt),
            uptimeSeconds: (now - sources.startedAt).seconds, role: sources.role(), fastcgi: front,
            store: ServiceStatus.Store(
                isReadable: readProblem == nil, isWritable: writeProblem == nil, problem: readProblem ?? writeProblem,
                bytes: known?.overview.bytes, walBytes: known?.overview.logBytes),
            storeReadAt: known.map { Moment($0.readAt) }, dispatcherEpoch: known?.overview.term.epoch,
            queue: known.map { ServiceStatus.Queue($0.overview, now: now) },
            catalogue: known.map { ServiceStatus.Catalogue($0.overview, now: now) }, ledger: known?.ledger,
            krea: sources.metrics.distributions(of: sources.calls).map(ServiceStatus.Calls.init), workers: full ? front.workers : nil)
    }

    private static func problem(_ outcome: Probe<StoreFailure?>.Outcome) -> String? {
        switch outcome {
        case .answered(nil): nil
        case .answered(let failure?): "The store cannot be written: \(failure.text)"
        case .late(let time, _): "The store has not taken a write for \(time.milliseconds) ms."
        }
    }
}

/// What the store threw, in words.
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

    /// Rounded down.
    fileprivate var milliseconds: Int { Int(self / .milliseconds(1)) }
}

extension FastCGIStatus {
    /// How many requests all workers have taken up.
    fileprivate var requests: Int { workers.reduce(0) { $0 + $1.requests } }
}
