import Dispatch
import Logging
import SQLiteStore
import ServiceLifecycle

/// Keeps the store's write-ahead log small while the service runs, and empties it at the end.
struct WALTrimmer: ServiceLifecycle.Service {
    /// The time between two checks.
    static let interval: Duration = .seconds(5)

    let store: SQLiteStore
    let clock: any Clock<Duration>
    let logger: Logger
    private let queue = DispatchQueue(label: "krea-fcgi.wal-trimmer")

    init(store: SQLiteStore, clock: any Clock<Duration>, logger: Logger) {
        self.store = store
        self.clock = clock
        self.logger = logger
    }

    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await shrink(to: SQLiteStore.logLimit)
                try? await clock.sleep(for: Self.interval)
            }
        }
        await shrink(to: 0)
    }

    /// Shrinks the log on a thread that may wait for the disk.
    private func shrink(to limit: Int) async {
        await withCheckedContinuation { continuation in
            queue.async { [store, logger] in
                do { try store.shrinkLog(to: limit) } catch {
                    logger.warning("The store's write-ahead log cannot be shrunk.", metadata: ["error": "\(error)"])
                }
                continuation.resume()
            }
        }
    }
}
