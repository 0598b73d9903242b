import Dispatch
import Jobs

/// The store for code that must not block: each call runs on a queue of its own.
struct AsyncStore: Sendable {
    private let store: any JobStore
    private let queue = DispatchQueue(label: "krea-fcgi.store")

    init(_ store: any JobStore) {
        self.store = store
    }

    var rules: PaceRules { store.rules }

    func callAsFunction<Result: Sendable>(_ body: @escaping @Sendable (any JobStore) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [store] in
                continuation.resume(with: Swift.Result { try body(store) })
            }
        }
    }

    func observeChanges(_ observer: @escaping @Sendable () -> Void) {
        store.observeChanges(observer)
    }
}
