import Jobs
import ServiceLifecycle
import Synchronization

/// Tells the requests that wait for a job when it has changed, whichever process changed it.
struct ChangeWatcher: ServiceLifecycle.Service {
    /// What has changed.
    enum Changes: Equatable {
        case nothing
        case jobs([JobID])
        /// Something, and it is not known what.
        case something
    }

    /// How often it is looked.
    static let interval: Duration = .milliseconds(100)

    /// What has changed since it was asked the last time.
    let changes: @Sendable () -> Changes
    /// Wakes the requests that wait for one of these jobs; all of them if it is nil.
    let wake: @Sendable ([JobID]?) -> Void
    let clock: any Clock<Duration>

    func run() async {
        await cancelWhenGracefulShutdown {
            while (try? await clock.sleep(for: Self.interval)) != nil { runOnce() }
        }
    }

    /// Looks once.
    func runOnce() {
        switch changes() {
        case .nothing: break
        case .jobs(let jobs): wake(jobs)
        case .something: wake(nil)
        }
    }
}

/// Whether a store has changed, by its version: two loads from memory that every process shares.
final class StoreChanges: Sendable {
    private let store: any RequestStore
    private let latest: Mutex<StoreVersion?>

    init(_ store: any RequestStore) {
        self.store = store
        latest = Mutex(store.version)
    }

    /// What has changed since the last time.
    func next() -> ChangeWatcher.Changes {
        let version = store.version
        return latest.withLock { latest in
            defer { latest = version }
            return version != nil && version == latest ? .nothing : .something
        }
    }
}
