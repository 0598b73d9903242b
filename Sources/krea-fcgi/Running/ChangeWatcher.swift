import Jobs
import ServiceLifecycle

/// Wakes the requests that wait for a job when it has changed, whichever process changed it.
struct ChangeWatcher: ServiceLifecycle.Service {
    /// What has changed.
    enum Changes: Equatable {
        case nothing
        case jobs([JobID])
        /// More jobs than are named.
        case tooMany
    }

    /// How often it looks for changes while requests are held.
    static let interval: Duration = .milliseconds(100)

    /// Yields when a request is held and none was before: without one, nothing is looked for, and no thread wakes up.
    let holding: AsyncStream<Void>
    /// How many requests are held.
    let held: @Sendable () -> Int
    /// What has changed since the last call.
    let changes: @Sendable () -> Changes
    /// Wakes the requests that wait for one of these jobs; all of them if it is nil.
    let wake: @Sendable ([JobID]?) -> Void
    let clock: any Clock<Duration>

    func run() async {
        await cancelWhenGracefulShutdown {
            for await _ in holding {
                while held() > 0, (try? await clock.sleep(for: Self.interval)) != nil { runOnce() }
            }
        }
    }

    /// Looks for changes once.
    func runOnce() {
        switch changes() {
        case .nothing: break
        case .jobs(let jobs): wake(jobs)
        case .tooMany: wake(nil)
        }
    }
}
