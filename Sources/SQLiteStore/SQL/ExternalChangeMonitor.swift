import Dispatch
import Jobs
import Synchronization

/// Notices when another process has changed the file.
///
/// SQLite sends no notice, but a connection can ask whether another one has committed (`PRAGMA data_version`). Five times a second this compares
/// ``WALVersion``, which costs no call, and asks only when there was a commit at all.
final class ExternalChangeMonitor: Sendable {
    private let writer: DatabaseQueue
    private let commits: WALVersion?
    private let queue = DispatchQueue(label: "krea-fcgi.foreign-changes")
    private let timer: Mutex<(any DispatchSourceTimer)?> = Mutex(nil)
    private let seen = Mutex<(commit: StoreVersion?, foreign: Int?)>((nil, nil))

    init(_ writer: DatabaseQueue, _ commits: WALVersion?) {
        self.writer = writer
        self.commits = commits
    }

    deinit {
        timer.withLock { $0?.cancel() }
    }

    /// Calls `changed` after each change from now on. Only the first call has an effect.
    func watch(_ changed: @escaping @Sendable () -> Void) {
        timer.withLock { timer in
            guard timer == nil else { return }
            let source = DispatchSource.makeTimerSource(queue: queue)
            source.schedule(deadline: .now(), repeating: .milliseconds(200), leeway: .milliseconds(50))
            source.setEventHandler { [weak self] in
                if self?.hasChanged == true { changed() }
            }
            source.resume()
            timer = source
        }
    }

    private var hasChanged: Bool {
        let commit = commits?.version
        if commit != nil, seen.withLock({ $0.commit == commit }) { return false }
        // A database that is locked or gone is asked again the next time; the next write reports the error.
        guard let foreign = try? writer.writeWithoutTransaction({ try Int.first($0, "PRAGMA data_version") }) else { return false }
        return seen.withLock { seen in
            defer { seen = (commit, foreign) }
            return seen.foreign != nil && seen.foreign != foreign
        }
    }
}
