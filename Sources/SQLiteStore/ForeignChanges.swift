import Dispatch
import GRDB
import Synchronization

/// Notices when another process has changed the file.
///
/// SQLite tells nobody, but a connection can ask whether there was a commit of another connection (`PRAGMA data_version`). It is asked 5
/// times a second, which costs some microseconds each, and only while somebody watches. Commits of this process count too: they wake
/// nobody who was not awake already.
final class ForeignChanges: Sendable {
    private let connection: DatabaseQueue
    private let queue = DispatchQueue(label: "krea-fcgi.foreign-changes")
    private let timer: Mutex<(any DispatchSourceTimer)?> = Mutex(nil)
    private let version = Mutex<Int?>(nil)

    init(path: String, configuration: Configuration) throws {
        var configuration = configuration
        configuration.readonly = true
        connection = try DatabaseQueue(path: path, configuration: configuration)
    }

    deinit {
        timer.withLock { $0?.cancel() }
    }

    /// Calls `changed` after each change from now on. Only the first watcher counts.
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
        // A database that is locked or gone is asked again the next time; whoever writes to it reports the error.
        let now = try? connection.unsafeRead { try Int.fetchOne($0, sql: "PRAGMA data_version") }
        return version.withLock { version in
            defer { version = now ?? version }
            return version != nil && now != nil && version != now
        }
    }
}
