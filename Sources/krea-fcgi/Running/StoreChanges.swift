import Jobs
import Synchronization

/// Tells which jobs of a store have changed since the last call.
final class StoreChanges: Sendable {
    private struct Seen {
        var version: StoreVersion?
        var change: Int64
    }

    private let store: any RequestStore & ChangeFeed
    private let limit: Int
    private let seen: Mutex<Seen>

    /// Begins with the present state of the store. `limit` changed jobs at once, and more, are not named.
    init(_ store: any RequestStore & ChangeFeed, limit: Int = 1000) throws {
        self.store = store
        self.limit = limit
        seen = Mutex(Seen(version: store.version, change: try store.latestChange()))
    }

    /// What has changed. Costs two loads from memory when nothing was committed. Where the store cannot be read, the next call tells it.
    func next() -> ChangeWatcher.Changes {
        seen.withLock { seen in
            // Before the changes are read, so that a commit in between shows the next time.
            let version = store.version
            guard version == nil || version != seen.version, let changed = try? store.changes(after: seen.change, limit: limit) else {
                return .nothing
            }
            if changed.jobs.count == limit {
                guard let latest = try? store.latestChange() else { return .nothing }
                seen = Seen(version: version, change: latest)
                return .tooMany
            }
            seen = Seen(version: version, change: changed.last)
            return changed.jobs.isEmpty ? .nothing : .jobs(changed.jobs)
        }
    }
}
