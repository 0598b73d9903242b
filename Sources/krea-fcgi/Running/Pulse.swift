/// Tells whether the service answers: not that a worker is idle, but that requests are taken up, and the store can be read.
struct Pulse: Sendable {
    /// How long a worker may be waited for that reads the store.
    static let patience: Duration = .seconds(10)

    let clock: any Clock<Duration>
    /// How many requests workers have taken up.
    let requests: @Sendable () -> Int
    /// Whether the store can be read, as a worker finds it; nil when the task is cancelled before one is free.
    let readsStore: @Sendable () async -> Bool?

    /// Whether a worker could read the store or, where none was free in time, has at least taken up requests.
    func isAlive() async -> Bool {
        let before = requests()
        return await withTaskGroup(of: Bool?.self) { group in
            group.addTask { await readsStore() }
            group.addTask {
                try? await clock.sleep(for: Self.patience)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? (requests() != before)
        }
    }
}
