import CFastCGI
import Glibc

/// A thread of our own: requests block in libfcgi and SQLite, and must not block the threads that run tasks.
struct WorkerThread: @unchecked Sendable {
    private let handle: pthread_t

    /// Enough for SQLite and Swift's own libraries in a handler; the default of 8 MiB is reserved address space for nothing.
    private static let stackSize = 1 << 20

    /// Starts `body` on a new thread. `name` has 15 bytes at most (Linux).
    init(name: String, body: @escaping @Sendable () -> Void) throws(ListenError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, Self.stackSize)
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var handle = pthread_t()
        let code = pthread_create(
            &handle,
            &attributes,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                Signals.blockInWorker()
                pthread_setname_np(pthread_self(), start.name)
                start.body()
                return nil
            },
            start.toOpaque()
        )
        guard code == 0 else {
            start.release()
            throw ListenError("A worker thread cannot be started", errno: code)
        }
        self.handle = handle
    }

    /// Waits, blocking, for the end of the thread. To be called once.
    func join() {
        pthread_join(handle, nil)
    }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
